//! Earlier written wishes of a delivery, and their files.

use super::index::Entry;
use super::reading::{Candidate, Place, Reading, Stands, unusual};
use super::rules::Held;
use super::{File, NewId};
use crate::format::{IssueType, Kind};
use crate::r4::id::{Local, Subject};
use crate::r4::parts::node::Node;
use crate::r4::parts::{codeable, extension};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use domain::code::{AdvanceDirectiveType, YesNoUnknown, system};
use domain::ident::AttachmentId;
use domain::plan::{
    AdvanceDirective, DocumentKey, EarlierRecorded, FileRef, Origin, Party, SourceFacts, Statement, Topic,
};
use std::collections::HashMap;

/// The documents of a delivery.
#[derive(Default)]
pub(super) struct Documents {
    /// Keys by place among the entries.
    pub keys: HashMap<usize, DocumentKey>,
    /// Files.
    pub files: Vec<File>,
    /// Something was recorded earlier, and why, where no document tells it.
    earlier: Option<(Option<String>, SourceFacts)>,
}

impl<'a> Reading<'a, '_> {
    /// Gives every document a key, before anything refers to it, and takes it.
    pub fn documents(&mut self, new_id: &mut NewId<'_>) -> Documents {
        let mut documents = Documents::default();
        for (at, entry) in self.held(Held::AdvanceDirective) {
            self.take_fixed(entry, "adr", ("http://terminology.hl7.org/CodeSystem/consentcategorycodes", "acd"));
            let said_on = entry.node.date("dateTime");
            let status = entry.node.text("status");
            let stands = match status.as_deref() {
                Some("active") => Stands::Current,
                Some("proposed") => Stands::Proposed,
                _ => Stands::Ended,
            };
            let file = file(&entry.node, new_id, &mut documents.files);
            let document = self.document(entry, file);
            let source = SourceFacts {
                identifiers: codeable::take_identifiers(&entry.node),
                status: unusual(status, if stands == Stands::Proposed { "proposed" } else { "active" }),
                ..SourceFacts::default()
            };
            if stands == Stands::Current
                && says_no_more(&document)
                && said_on.is_none()
                && source.identifiers.is_empty()
            {
                self.places.insert(at, Place::At(Local::of(Subject::Earlier)));
                documents.earlier = Some((document.comment, source));
                continue;
            }
            let key = DocumentKey(self.fresh());
            documents.keys.insert(at, key);
            self.places.insert(at, Place::At(Local::Document(key)));
            // A document has a date of its own, which is no date of a conversation.
            let conversation = self.statement((), None, Vec::new(), SourceFacts::default(), None).origin.conversation;
            let origin = Origin { conversation, version: 0, recorded_at: self.now };
            let statement = Statement { value: document, said_on, by: Vec::new(), origin, source };
            let topic = self.settle(vec![Candidate { statement, stands, path: entry.node.path.to_string() }]);
            self.content.documents.insert(key, topic);
        }
        self.earlier(&documents);
        documents
    }

    /// 1197 'ja' is that there is a document (SPEC section 6), with what the documents say as explanation.
    fn earlier(&mut self, documents: &Documents) {
        let mut comments: Vec<String> = documents.earlier.iter().filter_map(|(comment, _)| comment.clone()).collect();
        let counting = self.content.documents.values().filter_map(Topic::value);
        comments.extend(counting.clone().filter_map(|d| d.comment.clone()));
        if documents.earlier.is_none() && counting.count() == 0 {
            return;
        }
        let comment = (!comments.is_empty()).then(|| comments.join("\n"));
        let value = EarlierRecorded { recorded: YesNoUnknown::Yes, comment, differs: None };
        let statement = self.statement(value, None, Vec::new(), SourceFacts::default(), None);
        let said_on = self.content.conversation(statement.origin.conversation).and_then(|c| c.held_on.clone());
        self.content.earlier = Topic::said(Statement { said_on, ..statement });
    }

    fn document(&self, entry: &Entry<'a>, file: Option<FileRef>) -> AdvanceDirective {
        let node = &entry.node;
        let mut document = AdvanceDirective {
            kind: AdvanceDirectiveType::Other,
            kind_text: None,
            comment: extension::take_text(node, extension::COMMENT),
            representative: None,
            file,
        };
        let Some(provision) = node.get("provision") else { return document };
        if let Some(concept) = provision.each("code").first() {
            document.kind = codeable::take_member(concept).unwrap_or(AdvanceDirectiveType::Other);
            document.kind_text = concept.text("text");
        }
        for actor in provision.each("actor") {
            let role = actor.get("role").filter(|r| codeable::has(r.value, system::ROLE_CODE, "RESPRSN"));
            let reference = actor.get("reference");
            if let (Some(role), Some(reference), None) = (role, reference, document.representative) {
                let at = self.target(entry, &reference);
                if let Some(Party::Person(key)) =
                    at.filter(|at| self.people.contains_key(at)).and_then(|_| self.party(entry, &reference))
                {
                    document.representative = Some(key);
                    role.take();
                }
            }
        }
        document
    }
}

/// Takes the file of a document. One that is only pointed at stays where it is, and is named.
fn file(document: &Node<'_>, new_id: &mut NewId<'_>, files: &mut Vec<File>) -> Option<FileRef> {
    let attachment = document.get("sourceAttachment")?;
    let bytes = read_data(&attachment)?;
    let id = AttachmentId::from_bits(new_id());
    let media_type = attachment.text("contentType").unwrap_or_else(|| "application/octet-stream".to_owned());
    attachment.get("size").iter().for_each(Node::skip);
    let file = FileRef {
        id: id.clone(),
        media_type: media_type.clone(),
        size: u64::try_from(bytes.len()).unwrap_or(u64::MAX),
        title: attachment.text("title"),
    };
    files.push(File { id, media_type, bytes });
    Some(file)
}

fn read_data(attachment: &Node<'_>) -> Option<Vec<u8>> {
    let data = attachment.get("data")?;
    let text: String = data.value.as_str()?.chars().filter(|c| !c.is_whitespace()).collect();
    let bytes = BASE64_STANDARD.decode(text).ok();
    if bytes.is_none() {
        data.refuse(Kind::Format, IssueType::Value, "Dit is geen geldige base64. Stuur het bestand opnieuw.");
    }
    data.take();
    bytes
}

/// No more than that something was recorded earlier: what this server itself makes of 1197 'ja' (decision 35).
fn says_no_more(document: &AdvanceDirective) -> bool {
    document.kind == AdvanceDirectiveType::Other
        && document.kind_text.is_none()
        && document.representative.is_none()
        && document.file.is_none()
}
