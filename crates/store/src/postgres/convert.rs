//! From the shared text and values to PostgreSQL's.

use crate::value::{Param, Row, Value};
use crate::{Error, Result};
use std::error::Error as StdError;
use tokio_postgres::types::private::BytesMut;
use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};

/// `?1` becomes `$1`. (In SQLite `$1` would be a named parameter, and bind wrongly.) The mark that SQLite takes for a
/// comment locks the rows that were read.
pub(crate) fn sql(text: &str) -> String {
    text.replace('?', "$")
        .replace("/*for update*/", "FOR UPDATE")
        .replace("/*for update of o*/", "FOR UPDATE OF o")
        .replace("/*skip locked*/", "SKIP LOCKED")
        .replace("/*for share*/", "FOR SHARE")
}

/// Parameters as the driver takes them.
pub(crate) fn params<'a>(params: &'a [Param<'a>]) -> Vec<&'a (dyn ToSql + Sync)> {
    params.iter().map(|p| p as &(dyn ToSql + Sync)).collect()
}

impl ToSql for Param<'_> {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> std::result::Result<IsNull, Box<dyn StdError + Sync + Send>> {
        match self {
            Param::Null => Ok(IsNull::Yes),
            Param::Int(i) if *ty == Type::INT4 => i32::try_from(*i)?.to_sql(ty, out),
            Param::Int(i) if *ty == Type::INT8 => i.to_sql(ty, out),
            Param::Text(t) if <&str as ToSql>::accepts(ty) => t.to_sql(ty, out),
            Param::Blob(b) if *ty == Type::BYTEA => b.to_sql(ty, out),
            _ => Err(format!("a parameter does not fit type {ty}").into()),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

/// A row as both databases give it.
pub(crate) fn row(row: &tokio_postgres::Row) -> Result<Row> {
    let value = |(i, column): (usize, &tokio_postgres::Column)| {
        Ok(match *column.type_() {
            Type::INT8 => row.try_get::<_, Option<i64>>(i)?.map_or(Value::Null, Value::Int),
            Type::INT4 => row.try_get::<_, Option<i32>>(i)?.map_or(Value::Null, |v| Value::Int(v.into())),
            Type::BOOL => row.try_get::<_, Option<bool>>(i)?.map_or(Value::Null, |v| Value::Int(v.into())),
            Type::TEXT => row.try_get::<_, Option<String>>(i)?.map_or(Value::Null, Value::Text),
            Type::BYTEA => row.try_get::<_, Option<Vec<u8>>>(i)?.map_or(Value::Null, Value::Blob),
            _ => return Err(Error::Bug("a column has a type that is not expected")),
        })
    };
    row.columns().iter().enumerate().map(value).collect::<Result<Vec<_>>>().map(Row)
}

#[cfg(test)]
mod tests {
    #[test]
    fn numbered_parameters_become_dollars() {
        assert_eq!(super::sql("SELECT ?1, ?12 /*for update*/"), "SELECT $1, $12 FOR UPDATE");
    }
}
