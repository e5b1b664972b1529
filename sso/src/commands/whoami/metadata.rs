//! The credentials of a container and of an instance.

use super::source::none;
use crate::context::Context;
use crate::error::Failure;
use crate::idc::endpoint::Endpoint;
use crate::idc::metadata::{self, Given};
use crate::library::{Content, Section, read_cache};
use crate::net::{Client, Failed};
use crate::secret::Secret;
use crate::sys::Moment;
use std::time::Duration;
use zeroize::Zeroizing;

/// How long a container's endpoint may take for one answer, and how often it is asked.
const CONTAINER: (Duration, u32) = (Duration::from_secs(2), 3);

/// How long the metadata service may take for one answer, if nothing else is said.
const INSTANCE: Duration = Duration::from_secs(1);

/// The credentials of the container's endpoint.
pub(super) fn of_container(cx: &Context, client: &Client) -> Result<Given, Failure> {
    let text = |name: &str| cx.vars.text(name);
    let relative = text("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
    let full = text("AWS_CONTAINER_CREDENTIALS_FULL_URI");
    let place = metadata::container(relative.as_deref(), full.as_deref())?;
    let authorization = authorization(cx)?;
    let (limit, attempts) = CONTAINER;
    let mut attempt = 0;
    loop {
        attempt += 1;
        let request = metadata::container_request(&place.target, authorization.clone());
        let end = Moment::after(limit);
        match client.call_once(&place.endpoint, &request, end, metadata::credentials) {
            Ok(given) => {
                return given.map_err(|key| {
                    Failed::unbelievable(&place.endpoint, key).into_failure(&place.endpoint)
                });
            }
            Err(failed) if failed.is_passing() && attempt < attempts => {}
            Err(failed) => return Err(told(failed, &place.endpoint, "the container's endpoint")),
        }
    }
}

/// What the endpoint wants to see: from the file, which may change, else from the variable.
fn authorization(cx: &Context) -> Result<Option<Secret>, Failure> {
    let file = cx.vars.text("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
    let Some(file) = file else {
        let variable = cx.vars.text("AWS_CONTAINER_AUTHORIZATION_TOKEN");
        return Ok(variable.map(Secret::new));
    };
    match read_cache(file.as_ref().as_ref()) {
        Content::Bytes(bytes) => {
            let bytes = Zeroizing::new(bytes);
            let token = Secret::new(String::from_utf8_lossy(&bytes).trim());
            match token.reveal().contains(['\r', '\n']) {
                true => Err(none(&format!("the token in {file} has several lines"))),
                false => Ok(Some(token)),
            }
        }
        Content::Absent => Err(none(&format!(
            "there is no file {file}, which AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE names"
        ))),
        Content::Unusable(why) => Err(none(&format!("{file} can't be read: {why}"))),
    }
}

/// The credentials of the instance's role. `profile` may say where the metadata service is.
pub(super) fn of_instance(
    cx: &Context,
    client: &Client,
    profile: Option<&Section>,
) -> Result<Given, Failure> {
    let setting = |variable: &'static str, key: &'static str| {
        let of_variable = cx
            .vars
            .text(variable)
            .map(|text| (text.into_owned(), variable));
        of_variable.or_else(|| Some((profile?.text(key)?.to_owned(), key)))
    };
    let own = setting(
        "AWS_EC2_METADATA_SERVICE_ENDPOINT",
        "ec2_metadata_service_endpoint",
    );
    let mode = setting(
        "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE",
        "ec2_metadata_service_endpoint_mode",
    );
    let limit = setting("AWS_METADATA_SERVICE_TIMEOUT", "metadata_service_timeout")
        .and_then(|(text, _)| text.trim().parse().ok())
        .map_or(INSTANCE, |seconds: u64| {
            Duration::from_secs(seconds.clamp(1, 60))
        });
    let endpoint = metadata::instance(
        own.as_ref().map(|(url, from)| (url.as_str(), *from)),
        mode.as_ref().map(|(mode, _)| mode.as_str()),
    )?;
    let nowhere = |failed: Failed| match (own.is_some(), failed.is_passing()) {
        // Not an instance: the chain has just come to its end.
        (false, true) => none("no profile, no variable and no metadata service gives credentials"),
        _ => told(failed, &endpoint, "the instance's metadata service"),
    };
    let end = || Moment::after(limit);
    let token = client
        .call_once(
            &endpoint,
            &metadata::instance_token(),
            end(),
            metadata::text,
        )
        .map_err(nowhere)?;
    let ask = |role: &str| metadata::instance_role(&token, role);
    let role = client
        .call_once(&endpoint, &ask(""), end(), metadata::text)
        .map_err(nowhere)?;
    let role = role.reveal().lines().next().unwrap_or_default().to_owned();
    client
        .call_once(&endpoint, &ask(&role), end(), metadata::credentials)
        .map_err(nowhere)?
        .map_err(|key| Failed::unbelievable(&endpoint, key).into_failure(&endpoint))
}

/// The failure of what is neither STS nor IAM Identity Center.
fn told(failed: Failed, endpoint: &Endpoint, what: &str) -> Failure {
    match failed {
        Failed::Refused(refusal) if !matches!(refusal.status, 429 | 500..) => none(&format!(
            "{what}, {}, gives no credentials (HTTP {})",
            endpoint.address.authority(),
            refusal.status
        )),
        failed => failed.into_failure(endpoint),
    }
}
