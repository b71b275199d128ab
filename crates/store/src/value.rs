//! Values that go into a statement and come out of a row: the four kinds both databases have.

use crate::{Error, Result};

/// A parameter of a statement.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Param<'a> {
    Null,
    Int(i64),
    Text(&'a str),
    Blob(&'a [u8]),
}

/// A value of a row, or a parameter that owns what it holds.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    Null,
    Int(i64),
    Text(String),
    Blob(Vec<u8>),
}

/// A row of an answer.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Row(pub Vec<Value>);

/// Parameters in the order of their numbers: `?1` is the first.
macro_rules! params {
    ($($value:expr),* $(,)?) => { &[$($crate::value::Param::from($value)),*] };
}
pub(crate) use params;

macro_rules! from {
    ($($type:ty, $value:ident => $made:expr;)+) => {
        $(impl<'a> From<$type> for Param<'a> {
            fn from($value: $type) -> Self { $made }
        })+
    };
}

from! {
    i64, v => Param::Int(v);
    u32, v => Param::Int(i64::from(v));
    bool, v => Param::Int(i64::from(v));
    &'a str, v => Param::Text(v);
    &'a String, v => Param::Text(v);
    &'a [u8], v => Param::Blob(v);
    &'a Vec<u8>, v => Param::Blob(v);
    &'a [u8; 32], v => Param::Blob(v);
}

impl<'a, T: Into<Param<'a>>> From<Option<T>> for Param<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Param::Null, Into::into)
    }
}

impl<'a> From<&'a Value> for Param<'a> {
    fn from(value: &'a Value) -> Self {
        match value {
            Value::Null => Param::Null,
            Value::Int(i) => Param::Int(*i),
            Value::Text(t) => Param::Text(t),
            Value::Blob(b) => Param::Blob(b),
        }
    }
}

impl From<Param<'_>> for Value {
    fn from(param: Param<'_>) -> Self {
        match param {
            Param::Null => Value::Null,
            Param::Int(i) => Value::Int(i),
            Param::Text(t) => Value::Text(t.to_owned()),
            Param::Blob(b) => Value::Blob(b.to_vec()),
        }
    }
}

const SHAPE: Error = Error::Bug("a column is not of the expected kind");

impl Row {
    fn take(&mut self, column: usize) -> Value {
        self.0.get_mut(column).map_or(Value::Null, |v| std::mem::replace(v, Value::Null))
    }

    /// A whole number.
    pub fn int(&self, column: usize) -> Result<i64> {
        self.opt_int(column)?.ok_or(SHAPE)
    }

    /// A whole number, or nothing.
    pub fn opt_int(&self, column: usize) -> Result<Option<i64>> {
        match self.0.get(column) {
            Some(Value::Int(i)) => Ok(Some(*i)),
            Some(Value::Null) => Ok(None),
            _ => Err(SHAPE),
        }
    }

    /// A number that counts something.
    pub fn count(&self, column: usize) -> Result<u32> {
        u32::try_from(self.int(column)?).map_err(|_| SHAPE)
    }

    /// A moment, kept as microseconds since 1970.
    pub fn time(&self, column: usize) -> Result<jiff::Timestamp> {
        moment(self.int(column)?)
    }

    /// A moment, or nothing.
    pub fn opt_time(&self, column: usize) -> Result<Option<jiff::Timestamp>> {
        self.opt_int(column)?.map(moment).transpose()
    }

    /// Yes or no, kept as 1 or 0.
    pub fn flag(&self, column: usize) -> Result<bool> {
        Ok(self.int(column)? != 0)
    }

    /// A text; taken out of the row.
    pub fn text(&mut self, column: usize) -> Result<String> {
        self.opt_text(column)?.ok_or(SHAPE)
    }

    /// A text, or nothing; taken out of the row.
    pub fn opt_text(&mut self, column: usize) -> Result<Option<String>> {
        match self.take(column) {
            Value::Text(t) => Ok(Some(t)),
            Value::Null => Ok(None),
            _ => Err(SHAPE),
        }
    }

    /// Bytes; taken out of the row.
    pub fn blob(&mut self, column: usize) -> Result<Vec<u8>> {
        self.opt_blob(column)?.ok_or(SHAPE)
    }

    /// Bytes, or nothing; taken out of the row.
    pub fn opt_blob(&mut self, column: usize) -> Result<Option<Vec<u8>>> {
        match self.take(column) {
            Value::Blob(b) => Ok(Some(b)),
            Value::Null => Ok(None),
            _ => Err(SHAPE),
        }
    }

    /// 32 bytes: a digest, a hash or a mac.
    pub fn digest(&mut self, column: usize) -> Result<[u8; 32]> {
        self.blob(column)?.try_into().map_err(|_| SHAPE)
    }
}

/// A moment as it is kept.
pub(crate) fn micros(at: jiff::Timestamp) -> i64 {
    at.as_microsecond()
}

fn moment(micros: i64) -> Result<jiff::Timestamp> {
    jiff::Timestamp::from_microsecond(micros).map_err(|_| SHAPE)
}
