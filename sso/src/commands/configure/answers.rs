//! What a person answers, and what an answer may be.

use super::columns;
use crate::ask::Form;
use crate::context::Context;
use crate::error::{Failure, Word};
use crate::idc::address::Address;

/// The person who is asked, if there is a terminal.
pub(super) struct Person<'a> {
    cx: &'a Context,
    /// Whether what is suggested is taken.
    yes: bool,
    form: Option<Form>,
}

impl<'a> Person<'a> {
    pub(super) fn new(cx: &'a Context, yes: bool) -> Self {
        Self {
            cx,
            yes,
            form: None,
        }
    }

    /// Gives the terminal back until the next question.
    pub(super) fn leave(&mut self) {
        self.form = None;
    }

    fn form(&mut self, flag: &str) -> Result<&mut Form, Failure> {
        if self.form.is_none() && !self.cx.json {
            self.form = Form::open(&self.cx.vars);
        }
        self.form.as_mut().ok_or_else(|| {
            Failure::new(
                Word::NoTerminal,
                format!("{flag} is not given, and there is no terminal to ask on"),
                format!("Add {flag}, or run it in a terminal."),
            )
        })
    }

    /// As [`Person::line`], with something to read before.
    pub(super) fn line_after<T>(
        &mut self,
        before: &str,
        flag: &str,
        prompt: &str,
        suggested: &str,
        take: impl Fn(&str) -> Result<T, String>,
    ) -> Result<T, Failure> {
        let form = self.form(flag)?;
        for line in before.lines() {
            form.settle("", line)?;
        }
        self.line(flag, prompt, suggested, take)
    }

    /// Asks for a line until `take` takes it.
    pub(super) fn line<T>(
        &mut self,
        flag: &str,
        prompt: &str,
        suggested: &str,
        take: impl Fn(&str) -> Result<T, String>,
    ) -> Result<T, Failure> {
        if self.yes
            && !suggested.is_empty()
            && let Ok(taken) = take(suggested)
        {
            return Ok(taken);
        }
        let form = self.form(flag)?;
        let mut text = suggested.to_owned();
        loop {
            text = form.line(prompt, &text)?;
            match take(text.trim()) {
                Ok(taken) => return Ok(taken),
                Err(why) => form.settle(
                    "",
                    &format!("'{}' {why}", crate::library::safe_name(text.trim())),
                )?,
            }
        }
    }

    /// Asks for a line that may stay empty.
    pub(super) fn line_or_none(
        &mut self,
        flag: &str,
        prompt: &str,
        take: impl Fn(&str) -> Result<String, String>,
    ) -> Result<Option<String>, Failure> {
        if self.yes {
            return Ok(None);
        }
        self.line(flag, prompt, "", |typed| match typed {
            "" => Ok(None),
            typed => take(typed).map(Some),
        })
    }

    /// Lets one of `rows` be picked. Its place.
    pub(super) fn pick(
        &mut self,
        flag: &str,
        prompt: &str,
        rows: &[[String; 2]],
    ) -> Result<usize, Failure> {
        let form = self.form(flag)?;
        let rows = columns(rows, form.columns().saturating_sub(3));
        form.pick(prompt, &rows)
    }

    /// Says that there is no choice. The place of the only row.
    pub(super) fn only(&mut self, prompt: &str, rows: &[[String; 2]]) -> usize {
        let row = columns(rows, 78).pop().unwrap_or_default();
        let text = format!("{prompt}{row}");
        match &mut self.form {
            // The terminal is in raw mode.
            Some(form) => drop(form.settle("", &text)),
            None => self.cx.say(&text),
        }
        0
    }
}

/// A start URL as it was typed, completed: `my-company`, `my-company.awsapps.com`, or a whole address.
pub(super) fn start_url(typed: &str) -> Result<String, &'static str> {
    let typed = typed.trim();
    let mut text = match typed {
        "" => return Err("is empty"),
        _ if typed.contains("://") => typed.to_owned(),
        _ if typed.contains(['.', '/', ':']) => format!("https://{typed}"),
        _ => format!("https://{typed}.awsapps.com/start"),
    };
    text = plain(&text).to_owned();
    let address = Address::parse(&text).ok_or("is not an address")?;
    if !address.is_safe() {
        return Err("does not begin with https://");
    }
    let bare = text.len() == address.origin().len();
    Ok(match bare && address.host.ends_with(".awsapps.com") {
        true => format!("{text}/start"),
        false => text,
    })
}

/// A start URL without what a browser adds: `#/`, and a slash at the end.
pub(super) fn plain(url: &str) -> &str {
    url.split('#')
        .next()
        .unwrap_or_default()
        .trim_end_matches('/')
}

/// A name for a session: that of the company in the start URL. `free` says whether it is not taken.
pub(super) fn session_name(start_url: &str, free: impl Fn(&str) -> bool) -> String {
    let host = Address::parse(start_url)
        .map(|a| a.host)
        .unwrap_or_default();
    let company = host
        .strip_suffix(".awsapps.com")
        .or_else(|| host.strip_suffix(".home.awsapps.cn"))
        .filter(|name| !name.contains('.') && !name.starts_with("d-"));
    let name = company.unwrap_or("my-sso");
    let numbered = (2..).map(|number| format!("{name}-{number}"));
    std::iter::once(name.to_owned())
        .chain(numbered)
        .find(|name| free(name))
        .unwrap_or_default()
}

/// Why a section can't have this name.
pub(super) fn bad_name(name: &str) -> Option<&'static str> {
    let odd = |c: char| c.is_control() || "[]\"'".contains(c);
    match name {
        "" => Some("is empty"),
        _ if name.starts_with('-') => Some("begins with a dash"),
        _ if name.contains(odd) => Some("has a quote, a bracket or a control character"),
        _ if name.trim() != name || name.contains(char::is_whitespace) => {
            Some("has a blank, which some tools do not read")
        }
        _ if name.chars().count() > 128 => Some("is longer than 128 characters"),
        _ => None,
    }
}

/// A name for a command line.
pub(super) fn quoted(name: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_./%@:+-".contains(c);
    match name.chars().all(plain) {
        true => name.to_owned(),
        false => format!("'{name}'"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_start_url_is_completed_from_what_is_typed() {
        for (typed, want) in [
            ("my-company", Ok("https://my-company.awsapps.com/start")),
            (
                " d-1234567890 ",
                Ok("https://d-1234567890.awsapps.com/start"),
            ),
            ("my.awsapps.com", Ok("https://my.awsapps.com/start")),
            ("my.awsapps.com/start", Ok("https://my.awsapps.com/start")),
            (
                "https://my.awsapps.com/start/#/",
                Ok("https://my.awsapps.com/start"),
            ),
            (
                "https://my.awsapps.com/start#",
                Ok("https://my.awsapps.com/start"),
            ),
            (
                "https://ssoins-1.portal.eu-west-1.app.aws",
                Ok("https://ssoins-1.portal.eu-west-1.app.aws"),
            ),
            (
                "https://start.us-gov-home.awsapps.com/directory/x",
                Ok("https://start.us-gov-home.awsapps.com/directory/x"),
            ),
            ("http://127.0.0.1:80/start", Ok("http://127.0.0.1:80/start")),
            (
                "http://my.awsapps.com/start",
                Err("does not begin with https://"),
            ),
            ("https://", Err("is not an address")),
            ("a b", Err("is not an address")),
            ("", Err("is empty")),
        ] {
            assert_eq!(start_url(typed), want.map(str::to_owned), "{typed}");
        }
    }

    #[test]
    fn a_session_is_named_after_the_company_and_never_twice() {
        let all = |_: &str| true;
        for (url, want) in [
            ("https://my-company.awsapps.com/start", "my-company"),
            ("https://d-1234567890.awsapps.com/start", "my-sso"),
            (
                "https://start.us-gov-home.awsapps.com/directory/x",
                "my-sso",
            ),
            ("https://sso.example.com", "my-sso"),
        ] {
            assert_eq!(session_name(url, all), want, "{url}");
        }
        let free = |name: &str| !["my-sso", "my-sso-2"].contains(&name);
        assert_eq!(session_name("https://x.example", free), "my-sso-3");
    }

    #[test]
    fn names_that_tools_do_not_read_are_refused() {
        for name in ["", "-x", "a]", "it's", "a b", " a", "a\n"] {
            assert!(bad_name(name).is_some(), "{name:?}");
        }
        for name in ["a", "Prod-Admin", "a/b", "é"] {
            assert_eq!(bad_name(name), None, "{name}");
        }
        assert!(bad_name(&"x".repeat(129)).is_some());
    }
}
