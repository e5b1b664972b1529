//! ListAccounts and ListAccountRoles: their requests, and what a page of an answer holds.

use super::address::encode;
use super::request::Request;
use crate::secret::Secret;
use serde_json::Value;

/// How much a page may hold; the service refuses more.
const PAGE: &str = "100";

/// An account that the login may use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Account {
    /// Twelve digits.
    pub(crate) id: String,
    /// `accountName`, which may be absent.
    pub(crate) name: Option<String>,
    /// `emailAddress`, which may be absent.
    pub(crate) email: Option<String>,
}

/// A part of a list.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Page<T> {
    /// Its items, in the service's order.
    pub(crate) items: Vec<T>,
    /// What asks for the next page; `None` on the last one.
    pub(crate) next: Option<String>,
}

/// ListAccounts.
pub(crate) fn accounts(access: &Secret, next: Option<&str>) -> Request {
    get("/assignment/accounts?", access, next)
}

/// ListAccountRoles.
pub(crate) fn roles(access: &Secret, account: &str, next: Option<&str>) -> Request {
    let path = format!("/assignment/roles?account_id={}&", encode(account));
    get(&path, access, next)
}

fn get(path: &str, access: &Secret, next: Option<&str>) -> Request {
    let next = next.map(|token| format!("&next_token={}", encode(token)));
    let target = format!("{path}max_result={PAGE}{}", next.unwrap_or_default());
    Request {
        bearer: Some(access.clone()),
        ..Request::bare("GET", target, None)
    }
}

/// ListAccounts' answer.
///
/// # Errors
/// The key that is missing or can't be believed.
pub(crate) fn accounts_page(body: &Value) -> Result<Page<Account>, &'static str> {
    page(body, "accountList", |entry| {
        let id = text(entry, "accountId").filter(|id| is_account(id));
        Ok(Account {
            id: id.ok_or("accountId")?,
            name: text(entry, "accountName"),
            email: text(entry, "emailAddress"),
        })
    })
}

/// The names in ListAccountRoles' answer.
///
/// # Errors
/// The key that is missing or can't be believed.
pub(crate) fn roles_page(body: &Value) -> Result<Page<String>, &'static str> {
    page(body, "roleList", |entry| {
        let name = text(entry, "roleName").filter(|name| is_role(name));
        name.ok_or("roleName")
    })
}

fn page<T>(
    body: &Value,
    key: &'static str,
    read: impl Fn(&Value) -> Result<T, &'static str>,
) -> Result<Page<T>, &'static str> {
    let entries = body.get(key).and_then(Value::as_array).ok_or(key)?;
    Ok(Page {
        items: entries.iter().map(read).collect::<Result<_, _>>()?,
        next: text(body, "nextToken"),
    })
}

fn text(body: &Value, key: &str) -> Option<String> {
    let text = body.get(key)?.as_str()?;
    (!text.is_empty()).then(|| text.to_owned())
}

/// Whether it is an account's id.
pub(crate) fn is_account(id: &str) -> bool {
    id.len() == 12 && id.bytes().all(|b| b.is_ascii_digit())
}

/// Whether IAM allows it as the name of a role: nothing in it has a meaning in a config file.
fn is_role(name: &str) -> bool {
    let allowed = |b: u8| b.is_ascii_alphanumeric() || b"+=,.@_-".contains(&b);
    (1..=64).contains(&name.len()) && name.bytes().all(allowed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn requests_ask_for_full_pages() {
        let access = Secret::new("t");
        for (request, want) in [
            (
                accounts(&access, None),
                "/assignment/accounts?max_result=100",
            ),
            (
                accounts(&access, Some("a/b=&")),
                "/assignment/accounts?max_result=100&next_token=a%2Fb%3D%26",
            ),
            (
                roles(&access, "123456789012", Some("x")),
                "/assignment/roles?account_id=123456789012&max_result=100&next_token=x",
            ),
        ] {
            assert_eq!((request.method, request.target.as_str()), ("GET", want));
            assert_eq!(request.bearer.unwrap().reveal(), "t");
        }
    }

    #[test]
    fn pages_end_with_an_absent_null_or_empty_token() {
        let list = json!([{"accountId": "123456789012", "accountName": "A", "emailAddress": "a@b"},
                          {"accountId": "210987654321", "accountName": ""}]);
        for (next, want) in [
            (Value::Null, None),
            (json!(""), None),
            (json!("n"), Some("n".to_owned())),
        ] {
            let page = accounts_page(&json!({"accountList": list, "nextToken": next})).unwrap();
            assert_eq!((page.items.len(), page.next), (2, want));
            assert_eq!(page.items[0].email.as_deref(), Some("a@b"));
            assert_eq!(page.items[1].name, None);
        }
        let page = roles_page(&json!({"roleList": []})).unwrap();
        assert_eq!((page.items, page.next), (vec![], None));
    }

    #[test]
    fn what_can_not_be_an_account_or_a_role_is_refused() {
        for id in ["", "1", "12345678901x", "1234567890123", "\n23456789012"] {
            let body = json!({"accountList": [{"accountId": id}]});
            assert_eq!(accounts_page(&body).unwrap_err(), "accountId", "{id:?}");
        }
        for name in ["", "a b", "a\nb", "a/b", "é", &"x".repeat(65)] {
            let body = json!({"roleList": [{"roleName": name}]});
            assert_eq!(roles_page(&body).unwrap_err(), "roleName", "{name:?}");
        }
        assert_eq!(accounts_page(&json!({})).unwrap_err(), "accountList");
        assert_eq!(roles_page(&json!({"roleList": 1})).unwrap_err(), "roleList");
        let odd = roles_page(&json!({"roleList": [{"roleName": "A.b_c+d=e,f@g-1"}]}));
        assert_eq!(odd.unwrap().items.len(), 1);
    }
}
