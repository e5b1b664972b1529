//! `sessions`: each sso-session, when its login expires, and how many profiles use it.

use super::Output;
use crate::aws::Env;
use crate::aws::chain::{self, SsoLogin};
use crate::aws::config;
use crate::aws::expiry::{Expiry, ExpiryState, State};
use crate::badge::countdown;
use crate::cli::Sessions;
use crate::context::Context;
use crate::error::Error;
use crate::identity::report;
use crate::output::sanitize::{self, Escaped};
use crate::output::{
    json, redact,
    table::{self, Column, Fit},
};
use crate::sso_program;
use crate::sys::{clock, terminal};
use serde_json::{Value, json};

/// One session.
struct Session {
    name: String,
    start_url: Option<String>,
    region: Option<String>,
    expiry: Expiry,
    state: ExpiryState,
    profiles: usize,
}

pub(super) fn run(args: &Sessions, vars: &Env) -> Result<Output, Error> {
    let ctx = Context::new(vars);
    let sessions = sessions(&ctx)?;
    if args.json {
        let all = sessions.iter().map(Session::json).collect();
        return Ok(Output::print(json::pretty(&Value::Array(all))));
    }
    if sessions.is_empty() {
        let first = sso_program::configure(vars, "to create one");
        return Ok(Output {
            stderr: format!("awsbadge: no SSO session found\nhint: {first}\n"),
            ..Output::default()
        });
    }
    const COLUMNS: [Column; 4] = [
        Column::new("SESSION", Fit::Keep),
        Column::new("EXPIRES", Fit::Keep),
        Column::new("RENEWS", Fit::Drop(1)),
        Column::new("PROFILES", Fit::Drop(0)),
    ];
    Ok(Output::print(if terminal::output_is_terminal() {
        let rows: Vec<_> = sessions.iter().map(|s| s.row(&ctx)).collect();
        let room = terminal::columns().unwrap_or(usize::MAX);
        let lines = table::lines(&COLUMNS, &rows, true, room, ctx.settings.ascii);
        lines
            .iter()
            .map(|line| format!("{line}\n"))
            .collect::<String>()
    } else {
        let lines = sessions.iter().map(|s| format!("{}\n", Escaped(&s.name)));
        lines.collect()
    }))
}

fn sessions(ctx: &Context<'_>) -> Result<Vec<Session>, Error> {
    let files = ctx.usable_aws_files()?;
    let merged = config::read_leniently(files.config.text(), files.credentials.text());
    let session = |section: &config::Section| {
        let text = |key: &str| section.text(key).map(str::to_owned);
        let login = SsoLogin {
            session: Some(section.name.clone()),
            start_url: text("sso_start_url"),
            region: text("sso_region"),
            account_id: None,
            role_name: None,
        };
        let expiry = chain::login_expiry(&ctx.inputs(None), ctx.cli_files(), &login);
        let uses =
            |profile: &&config::Section| profile.text("sso_session") == Some(section.name.as_str());
        Session {
            state: expiry.at(ctx.now, ctx.settings.renew_trust),
            expiry,
            profiles: merged.profiles.iter().filter(uses).count(),
            start_url: login.start_url,
            region: login.region,
            name: section.name.clone(),
        }
    };
    Ok(merged.sso_sessions.iter().map(session).collect())
}

impl Session {
    fn json(&self) -> Value {
        json!({
            "session": self.name,
            "start_url": self.start_url.as_deref().map(redact::without_user),
            "region": self.region,
            "expiry": report::expiry_json(self.state, Some(self.expiry), Some("sso token")),
            "profiles": self.profiles,
        })
    }

    fn row(&self, ctx: &Context<'_>) -> Vec<String> {
        let at = match self.expiry {
            Expiry::At { at, .. } => clock::local_text(at, ctx.now),
            _ => String::new(),
        };
        let expires = match (self.state.state, self.state.left) {
            (State::Valid | State::Expiring, Some(left)) => {
                format!("{at}, in {}", countdown::text(left))
            }
            (State::Renewable | State::Expired, _) => format!("{at}, past"),
            (state, _) => state.words().to_owned(),
        };
        let renews = if self.state.renews { "yes" } else { "no" };
        vec![
            sanitize::name(&self.name, ctx.settings.ascii),
            expires,
            renews.to_owned(),
            self.profiles.to_string(),
        ]
    }
}
