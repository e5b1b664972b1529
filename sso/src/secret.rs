//! Text that is wiped when it is no longer needed, and that nothing prints.

use serde_json::Value;
use std::ops::{Deref, DerefMut};
use zeroize::{Zeroize, Zeroizing};

/// A token, a key, a client's secret. Has no `Debug`, so that it can get into no message.
#[derive(Clone, PartialEq, Eq, Default)]
pub(crate) struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes `text` over.
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    /// The text, for a request or a file.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

/// JSON whose texts are wiped when it goes.
#[derive(Default)]
pub(crate) struct Wiped(pub(crate) Value);

impl Deref for Wiped {
    type Target = Value;

    fn deref(&self) -> &Value {
        &self.0
    }
}

impl DerefMut for Wiped {
    fn deref_mut(&mut self) -> &mut Value {
        &mut self.0
    }
}

impl Drop for Wiped {
    fn drop(&mut self) {
        wipe(&mut self.0);
    }
}

fn wipe(value: &mut Value) {
    match value {
        Value::String(text) => text.zeroize(),
        Value::Array(items) => items.iter_mut().for_each(wipe),
        Value::Object(object) => object.values_mut().for_each(wipe),
        _ => {}
    }
}

/// A JSON object that is written key by key into one buffer: nothing of it is left behind elsewhere.
pub(crate) struct Object {
    bytes: Zeroizing<Vec<u8>>,
    style: Style,
}

/// How an object is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    /// No blanks; UTF-8 as it is.
    Compact,
    /// As Python's `json.dumps` writes it: a blank after `,` and `:`, and ASCII only.
    Python,
}

impl Object {
    /// An object with room for its values, so that the buffer never moves.
    pub(crate) fn new(style: Style) -> Self {
        let mut bytes = Vec::with_capacity(16 << 10);
        bytes.push(b'{');
        Self {
            bytes: Zeroizing::new(bytes),
            style,
        }
    }

    /// Adds a text.
    pub(crate) fn text(mut self, key: &str, value: &str) -> Self {
        self.key(key);
        write_text(&mut self.bytes, value, self.style);
        self
    }

    /// Adds any other value.
    pub(crate) fn value(mut self, key: &str, value: &Value) -> Self {
        self.key(key);
        write_value(&mut self.bytes, value, self.style);
        self
    }

    fn key(&mut self, key: &str) {
        if self.bytes.len() > 1 {
            self.bytes.extend_from_slice(separator(self.style));
        }
        write_text(&mut self.bytes, key, self.style);
        self.bytes.extend_from_slice(colon(self.style));
    }

    /// The bytes of the whole object.
    pub(crate) fn finish(mut self) -> Zeroizing<Vec<u8>> {
        self.bytes.push(b'}');
        self.bytes
    }
}

/// `value` in the form of `style`.
pub(crate) fn bytes_of(value: &Value, style: Style) -> Zeroizing<Vec<u8>> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(16 << 10));
    write_value(&mut bytes, value, style);
    bytes
}

fn separator(style: Style) -> &'static [u8] {
    match style {
        Style::Compact => b",",
        Style::Python => b", ",
    }
}

fn colon(style: Style) -> &'static [u8] {
    match style {
        Style::Compact => b":",
        Style::Python => b": ",
    }
}

fn write_value(out: &mut Vec<u8>, value: &Value, style: Style) {
    match value {
        Value::String(text) => write_text(out, text, style),
        Value::Array(items) => {
            out.push(b'[');
            for (i, item) in items.iter().enumerate() {
                if i > 0 {
                    out.extend_from_slice(separator(style));
                }
                write_value(out, item, style);
            }
            out.push(b']');
        }
        Value::Object(object) => {
            out.push(b'{');
            for (i, (key, item)) in object.iter().enumerate() {
                if i > 0 {
                    out.extend_from_slice(separator(style));
                }
                write_text(out, key, style);
                out.extend_from_slice(colon(style));
                write_value(out, item, style);
            }
            out.push(b'}');
        }
        // Null, booleans and numbers look alike everywhere.
        plain => out.extend_from_slice(plain.to_string().as_bytes()),
    }
}

fn write_text(out: &mut Vec<u8>, text: &str, style: Style) {
    out.push(b'"');
    let mut utf8 = [0; 4];
    for c in text.chars() {
        match c {
            '"' => out.extend_from_slice(b"\\\""),
            '\\' => out.extend_from_slice(b"\\\\"),
            '\n' => out.extend_from_slice(b"\\n"),
            '\r' => out.extend_from_slice(b"\\r"),
            '\t' => out.extend_from_slice(b"\\t"),
            '\u{8}' => out.extend_from_slice(b"\\b"),
            '\u{c}' => out.extend_from_slice(b"\\f"),
            ' '..='\u{7f}' => out.push(c as u8),
            c if style == Style::Python || c < ' ' => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    out.extend_from_slice(format!("\\u{unit:04x}").as_bytes());
                }
            }
            c => out.extend_from_slice(c.encode_utf8(&mut utf8).as_bytes()),
        }
    }
    out.push(b'"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn python_style_is_that_of_json_dumps() {
        let value = json!({"a": "é\"\\\n😀\u{7f}\u{1}", "b": [1, null, true, {"c": 1.5}], "d": {}});
        assert_eq!(
            String::from_utf8(bytes_of(&value, Style::Python).to_vec()).unwrap(),
            "{\"a\": \"\\u00e9\\\"\\\\\\n\\ud83d\\ude00\u{7f}\\u0001\", \"b\": [1, null, true, {\"c\": 1.5}], \"d\": {}}"
        );
        let compact = bytes_of(&value, Style::Compact);
        assert_eq!(
            serde_json::from_slice::<Value>(&compact).unwrap(),
            value,
            "what is written can be read"
        );
        assert_eq!(
            String::from_utf8(compact.to_vec()).unwrap(),
            value.to_string(),
            "compact is serde's"
        );
    }

    #[test]
    fn an_object_is_written_key_by_key() {
        let bytes = Object::new(Style::Python)
            .text("a", "x")
            .value("b", &json!(["y", 1]))
            .finish();
        assert_eq!(bytes.as_slice(), b"{\"a\": \"x\", \"b\": [\"y\", 1]}");
        let bytes = Object::new(Style::Compact).text("a", "x").text("b", "y");
        assert_eq!(bytes.finish().as_slice(), b"{\"a\":\"x\",\"b\":\"y\"}");
    }

    #[test]
    fn texts_are_wiped_wherever_they_are() {
        let mut value = json!({"a": "secret", "b": [{"c": "secret"}]});
        wipe(&mut value);
        assert_eq!(value, json!({"a": "", "b": [{"c": ""}]}));
    }
}
