//! Who is there to give a task to: the organisations of the team with the roles that people have there, and the lead.

use super::assignee;
use crate::db::Db;
use crate::job::Tx;
use crate::organisations::organisation_id;
use crate::value::{Row, params};
use crate::{Error, Result};
use domain::organisation::OrganisationKind;
use domain::role::Role;
use domain::task::{Crew, Post};

const POSTS: &str = "SELECT o.organisation_id, o.kind, r.role, min(t.from_at) FROM team t \
     JOIN organisation o ON 'organisation:' || o.organisation_id = t.member \
     LEFT JOIN person_role r ON r.organisation_id = o.organisation_id AND (r.until_at IS NULL OR r.until_at > ?2) \
     WHERE t.patient_id = ?1 AND t.from_at <= ?2 AND (t.until_at IS NULL OR t.until_at > ?2) \
     GROUP BY o.organisation_id, o.kind, r.role ORDER BY 4, 1";
const LEAD: &str = "SELECT l.organisation_id, l.role, l.person_id, o.review_months FROM lead l \
     JOIN organisation o ON o.organisation_id = l.organisation_id \
     WHERE l.patient_id = ?1 AND l.state = 'accepted'";

/// Outside any job. Where the patient lives is not filled in.
pub(crate) async fn read(db: &Db, id: &str, at: i64) -> Result<Crew> {
    let posts = db.rows(POSTS, params![id, at]).await?;
    let lead = db.row(LEAD, params![id]).await?;
    crew(posts, lead)
}

/// Within a job.
pub(crate) async fn within(tx: &mut Tx<'_>, id: &str, at: i64) -> Result<Crew> {
    let posts = tx.rows(POSTS, params![id, at]).await?;
    let lead = tx.row(LEAD, params![id]).await?;
    crew(posts, lead)
}

fn crew(rows: Vec<Row>, lead: Option<Row>) -> Result<Crew> {
    let mut posts: Vec<Post> = Vec::new();
    for mut row in rows {
        let organisation = organisation_id(&row.text(0)?)?;
        let kind = OrganisationKind::of_code(&row.text(1)?).ok_or(Error::Bug("a table holds no kind"))?;
        let role = row.opt_text(2)?.and_then(|code| Role::of_code(&code));
        match posts.iter_mut().find(|p| p.organisation == organisation) {
            Some(post) => post.roles.extend(role),
            None => posts.push(Post { organisation, kind, roles: role.into_iter().collect() }),
        }
    }
    let mut crew = Crew { posts, ..Crew::default() };
    if let Some(mut row) = lead {
        crew.review_months = row.opt_int(3)?.and_then(|m| u32::try_from(m).ok());
        crew.lead = Some(assignee(&mut row, 0)?);
    }
    Ok(crew)
}
