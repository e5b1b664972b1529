//! `whoami`: STS says who the credentials belong to, beside what the files say.

mod metadata;
mod source;

use super::print;
use crate::cli::Whoami;
use crate::context::{Context, clock_warning};
use crate::error::{Failure, Word};
use crate::idc::answer::Kind;
use crate::idc::sts::{self, Caller, Principal};
use crate::library::chain::{self, Code, Diagnostic, Login, Offline, Winner};
use crate::library::{is_region, now, partition, safe_name, visible};
use crate::net::{Client, Failed};
use crate::session;
use crate::sys::Moment;
use serde_json::{Value, json};
use source::{Held, Source};
use std::cell::Cell;
use std::sync::Arc;

pub(crate) fn run(cx: &Context, args: &Whoami) -> Result<u8, Failure> {
    let named = args.profile.as_deref();
    let offline = chain::offline(&cx.vars, named, now());
    let winner = match &offline.outcome {
        Ok(winner) => winner,
        Err(error) => return Err(without_credentials(&offline, error)),
    };
    let region = region(&offline, winner, args.region.as_deref());
    // The profile that is selected says how services are called.
    let calling = Some(offline.profile.as_str());
    let source = Source {
        cx,
        offline: &offline,
        winner,
        named: named.is_some(),
        client: Arc::new(Client::new(
            &cx.vars,
            session::calling_profile(&cx.config, &cx.vars, calling),
            cx.limit,
        )),
        endpoint: Source::endpoint(cx, calling, &region)?,
        region,
        by_its_clock: Cell::new(false),
    };
    let answer = source.ask()?;
    let text = match cx.json {
        true => format!("{}\n", answer.object(&source)),
        false => answer.text(&source),
    };
    for warning in answer.warnings(&source) {
        cx.say(&format!("warning: {warning}"));
    }
    Ok(print(text.as_bytes()))
}

/// Why the files give no credentials.
fn without_credentials(offline: &Offline, error: &Diagnostic) -> Failure {
    let word = match error.code {
        Code::ProfileNotFound => Word::NoSuchProfile,
        Code::NoCredentials => Word::NoCredentials,
        _ => Word::BadConfig,
    };
    let message = match word {
        Word::NoSuchProfile => format!(
            "there is no profile '{}'{}",
            safe_name(&offline.profile),
            match offline.profile_from {
                "--profile" => String::new(),
                from => format!(" ({from})"),
            }
        ),
        _ => error.to_string(),
    };
    let next = match (word, error.fix.as_ref()) {
        (Word::NoSuchProfile, _) => "`awsbadge list` shows the profiles.".to_owned(),
        (_, "") => String::new(),
        (_, fix) => format!("{fix}."),
    };
    Failure::new(word, message, next)
}

/// The region in which STS is asked: the one that is named, else that of the calls. If there is none, that of the
/// login, else the first of the partition in which the role is.
fn region(offline: &Offline, winner: &Winner, named: Option<&str>) -> String {
    let configured = offline.region.as_ref().map(|r| r.value.as_str());
    let of_login = match &winner.login {
        Some(Login::Sso(sso)) => sso.region.as_deref(),
        _ => None,
    };
    let usable = |region: &&str| is_region(region);
    if let Some(region) = named.or(configured.filter(|r| !r.is_empty())) {
        return region.to_owned();
    }
    let arn = winner
        .chain
        .iter()
        .rev()
        .find_map(|l| l.role_arn.as_deref());
    let partition = arn.map_or("aws", |arn| Principal::of(arn).partition);
    let first = match partition {
        "aws-cn" => "cn-north-1",
        "aws-us-gov" => "us-gov-west-1",
        "aws-eusc" => "eusc-de-east-1",
        _ => "us-east-1",
    };
    of_login.filter(usable).unwrap_or(first).to_owned()
}

/// Who STS says they are, and how it was asked.
struct Online {
    caller: Caller,
    held: Held,
    /// How long the answer took, in milliseconds.
    latency: u64,
}

impl Source<'_> {
    fn ask(&self) -> Result<Online, Failure> {
        let mut held = self.credentials(false)?;
        let mut again = held.cached;
        loop {
            let before = Moment::now();
            let result = self.signed(sts::caller_identity(), &held.keys);
            let latency = before.elapsed().as_millis();
            let result = result.and_then(|xml| {
                sts::caller(&xml).map_err(|key| Failed::unbelievable(&self.endpoint, key))
            });
            match result {
                Ok(caller) => {
                    return Ok(Online {
                        caller,
                        held,
                        latency: u64::try_from(latency).unwrap_or(u64::MAX),
                    });
                }
                // Revoked before their date: new ones may work.
                Err(Failed::Refused(refusal)) if refusal.kind == Kind::Unauthorized && again => {
                    again = false;
                    held = self.credentials(true)?;
                }
                Err(Failed::Refused(refusal)) => {
                    let what = "STS does not accept these credentials";
                    return Err(self.refused(&refusal, what.to_owned()));
                }
                Err(failed) => return Err(failed.into_failure(&self.endpoint)),
            }
        }
    }
}

impl Online {
    /// What differs from what the files say: what, there, here.
    fn differences(&self, source: &Source<'_>) -> Vec<(&'static str, String, String)> {
        let principal = Principal::of(&self.caller.arn);
        let mut found = Vec::new();
        let mut compare = |what, offline: Option<&str>, online: Option<&str>| {
            if let (Some(offline), Some(online)) = (offline, online)
                && offline != online
            {
                found.push((what, offline.to_owned(), online.to_owned()));
            }
        };
        let winner = source.winner;
        compare(
            "account",
            winner.account_id(),
            Some(self.caller.account.as_str()),
        );
        let role = principal.permission_set().or(principal.role);
        compare("role", winner.role_name(), role.or(Some(principal.kind)));
        let last = winner.last();
        let configured = last.and_then(|link| {
            let section = source.offline.section(link.profile.as_deref()?)?;
            link.role_arn.as_ref()?;
            section.text("role_session_name").map(str::to_owned)
        });
        compare("session name", configured.as_deref(), principal.session);
        compare(
            "partition",
            partition(&source.region),
            Some(principal.partition),
        );
        found
    }

    fn warnings(&self, source: &Source<'_>) -> Vec<String> {
        let mut said: Vec<String> = self
            .differences(source)
            .into_iter()
            .map(|(what, offline, online)| {
                let whose = match what {
                    "partition" => "the region's",
                    _ => "the configuration's",
                };
                format!("{what} {online} differs from {whose}, {offline}")
            })
            .collect();
        let skew = source.client.skew();
        said.extend(skew.and_then(clock_warning));
        if source.by_its_clock.get() && skew.and_then(clock_warning).is_none() {
            said.push("the request was signed with the server's time".to_owned());
        }
        said
    }

    fn object(&self, source: &Source<'_>) -> Value {
        let principal = Principal::of(&self.caller.arn);
        let differs: Vec<Value> = self
            .differences(source)
            .into_iter()
            .map(|(what, offline, online)| {
                json!({"what": what.replace(' ', "_"), "offline": offline, "online": online})
            })
            .collect();
        let profile = source.offline.profile.as_str();
        // Without a name, the environment's own keys and the machine's belong to no profile.
        let profile = source.has_profile().then_some(profile);
        json!({
            "arn": self.caller.arn,
            "account_id": self.caller.account,
            "user_id": self.caller.user,
            "principal": principal.kind,
            "role": principal.role,
            "session_name": principal.session,
            "profile": profile,
            "source": source.winner.provider().name(),
            "region": source.region,
            "endpoint": source.endpoint.address.origin(),
            "expires_at": self.held.expires.map(crate::library::Epoch::iso),
            "clock_skew": source.client.skew(),
            "latency_ms": self.latency,
            "differs": differs,
        })
    }

    fn text(&self, source: &Source<'_>) -> String {
        let principal = Principal::of(&self.caller.arn);
        let role = principal.permission_set().or(principal.role);
        let whose = role.map_or_else(String::new, |role| format!("{role} in "));
        let by = source.winner.provider().name();
        let mut parts = vec![
            format!("{whose}{} by {by}", self.caller.account),
            source.region.clone(),
        ];
        if let Some(at) = self.held.expires {
            parts.push(format!("until {}", source.cx.at(at)));
        }
        parts.push(format!("{} ms", self.latency));
        if let Some(skew) = source.client.skew() {
            // A second is the precision of the server's date.
            match skew {
                -1..=1 => {}
                2.. => parts.push(format!("clock {skew} s slow")),
                _ => parts.push(format!("clock {} s fast", -skew)),
            }
        }
        let line = parts.join(", ");
        format!("{}\n{}\n", visible(&self.caller.arn), visible(&line))
    }
}

impl Source<'_> {
    /// Whether the credentials are those of a profile.
    fn has_profile(&self) -> bool {
        self.offline.profile_from != "default"
            || self.winner.chain.iter().any(|l| l.profile.is_some())
    }
}
