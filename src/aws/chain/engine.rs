//! Follows a tool's rules through an environment.

use super::files::{Files, Refusal};
use super::rules::{Again, Ask, Empty, HalfKeys, Mfa, Missing, Needs, Off, Repeats, Rules};
use super::{
    Content, Explanation, Notice, Region, Step, Tool, Trouble, Used, Verdict, Winner, World,
    notices,
};
use crate::aws::cache::{self, RoleCall};
use crate::aws::env_vars::{self, EnvVar};
use crate::aws::grammar::{self, Dialect, FileKind, Section, Value};
use crate::aws::life::EXPIRING;
use crate::aws::place::Places;
use crate::aws::source::Method;
use crate::aws::token::{self, NoToken};
use crate::aws::{Epoch, time};
use std::borrow::Cow;
use std::cell::RefCell;
use std::path::{Path, PathBuf};

pub(super) fn explain(
    tool: Tool,
    world: &World<'_>,
    files: &Result<Files, Refusal>,
) -> Explanation {
    let rules = tool.rules();
    let (profile, profile_from) = select(rules, world);
    let nothing = Explanation {
        tool,
        profile,
        profile_from,
        region: None,
        winner: None,
        error: None,
        steps: Vec::new(),
        warnings: Vec::new(),
    };
    match files {
        Ok(files) => Engine {
            tool,
            rules,
            world,
            files,
            profile: &nothing.profile,
            profile_from,
            notices: RefCell::default(),
        }
        .run(nothing.clone()),
        // Rust and Java keep their profiles in one link of the chain: what comes before still works.
        Err(refusal) => refused(tool, world, nothing, refusal),
    }
}

/// The profile that a tool selects, and what names it.
fn select(rules: &Rules, world: &World<'_>) -> (String, &'static str) {
    if let Some(name) = world.profile.filter(|name| !name.is_empty()) {
        return (name.to_owned(), "--profile");
    }
    rules
        .profile_vars
        .iter()
        .find_map(|&var| {
            let value = world.vars.raw(var)?;
            (rules.empty_profile == Empty::Counts || !value.is_empty())
                .then(|| (value.to_string_lossy().into_owned(), var.name))
        })
        .unwrap_or_else(|| ("default".to_owned(), "default"))
}

/// The answer of a tool that refuses a file. Those that look into the files only when they come to the profile
/// still find keys in the environment before that.
fn refused(tool: Tool, world: &World<'_>, nothing: Explanation, refusal: &Refusal) -> Explanation {
    let line = refusal.line.map(|l| format!(":{l}")).unwrap_or_default();
    let trouble = Trouble {
        code: "config-parse",
        message: format!(
            "{} refuses the whole file: {}{line}: {}",
            tool.title(),
            refusal.path.display(),
            refusal.message
        ),
    };
    if !matches!(tool, Tool::Rust | Tool::Java) {
        return Explanation {
            error: Some(trouble),
            ..nothing
        };
    }
    let engine = Engine {
        tool,
        rules: tool.rules(),
        world,
        files: &Files::default(),
        profile: &nothing.profile,
        profile_from: nothing.profile_from,
        notices: RefCell::default(),
    };
    engine.follow(nothing.clone(), Some(&trouble))
}

/// What a provider answers.
pub(super) enum Answer {
    /// It has nothing to offer: why.
    No(String),
    /// These credentials.
    Yes(Found),
    /// It fails.
    Fails(Trouble),
}

/// Credentials, and where they stand.
pub(super) struct Found {
    chain: Vec<Used>,
    reason: String,
}

/// The way from the selected profile along its sources.
#[derive(Default)]
struct Walk {
    /// The profiles on it so far.
    seen: Vec<String>,
    /// Whether this is a source profile.
    as_source: bool,
    /// Whether its role is passed over.
    role_cleared: bool,
}

/// Everything that a question may need.
pub(super) struct Engine<'a> {
    tool: Tool,
    rules: &'static Rules,
    world: &'a World<'a>,
    pub(super) files: &'a Files,
    profile: &'a str,
    profile_from: &'static str,
    notices: RefCell<Vec<Notice>>,
}

impl Engine<'_> {
    fn run(&self, nothing: Explanation) -> Explanation {
        let section = self.files.profile(self.profile);
        if section.is_none() && self.missing_stops() {
            let error = Trouble {
                code: "profile-not-found",
                message: self.no_such_profile(),
            };
            return self.finish(Explanation {
                error: Some(error),
                ..nothing
            });
        }
        if let Some(error) = section.and_then(|section| self.checked_first(section)) {
            return self.finish(Explanation {
                error: Some(error),
                ..nothing
            });
        }
        self.follow(nothing, None)
    }

    fn missing_stops(&self) -> bool {
        match self.rules.missing_profile {
            Missing::Stops => self.profile_from != "default",
            Missing::StopsWhereNamedBy(var) => {
                self.profile_from == "--profile" || self.profile_from == var.name
            }
            Missing::Skipped => false,
        }
    }

    fn no_such_profile(&self) -> String {
        match self.profile_from {
            "default" => "there is no profile default".to_owned(),
            from => format!("no file has a profile '{}' ({from})", self.profile),
        }
    }

    /// What a tool that checks the profile before anything else finds wrong with it.
    fn checked_first(&self, profile: &Section) -> Option<Trouble> {
        let check = self.rules.check?;
        if let Some(trouble) = check(self, profile, false) {
            return Some(trouble);
        }
        if let Answer::Fails(trouble) =
            self.quietly(|| self.ask(Ask::RoleOfSource, Some(profile), &mut self.first_walk()))
        {
            return Some(trouble);
        }
        let session = self.key(profile, "sso_session")?;
        let known = self.files.merged.sso_session(&session.text).is_some();
        (!known).then(|| self.no_session(session))
    }

    /// Runs without keeping what it would warn of.
    fn quietly<T>(&self, run: impl FnOnce() -> T) -> T {
        let kept = self.notices.borrow().len();
        let result = run();
        self.notices.borrow_mut().truncate(kept);
        result
    }

    fn first_walk(&self) -> Walk {
        // JavaScript does not count the selected profile as seen.
        let seen = match self.rules.role.again {
            Again::LoopAfterSecond => Vec::new(),
            _ => vec![self.profile.to_owned()],
        };
        Walk {
            seen,
            ..Walk::default()
        }
    }

    /// Asks the whole chain. `refused` is why the profile can't be read at all.
    fn follow(&self, nothing: Explanation, refused: Option<&Trouble>) -> Explanation {
        let section = self.files.profile(self.profile);
        let mut steps: Vec<Step> = Vec::new();
        let mut winner = None;
        let mut error = None;
        let mut passed_over: Option<Trouble> = None;
        for &ask in self.rules.chain {
            let settled = winner.is_some() || error.is_some();
            let profile_failed = passed_over.is_some() && ask.of_profile();
            if ask == Ask::ProcessAgain && (settled || passed_over.is_none()) {
                continue;
            }
            let answer = match refused.filter(|_| ask.of_profile()) {
                _ if settled || profile_failed => {
                    let would = self.quietly(|| self.ask(ask, section, &mut self.first_walk()));
                    steps.push(self.not_reached(ask, would));
                    continue;
                }
                Some(trouble) => Answer::Fails(trouble.clone()),
                None => self.ask(ask, section, &mut self.first_walk()),
            };
            let step = |verdict, reason| Step {
                provider: ask.provider(),
                verdict,
                reason,
                would_answer: verdict != Verdict::Skipped,
            };
            steps.push(match answer {
                Answer::No(reason) => step(Verdict::Skipped, reason),
                Answer::Yes(found) => {
                    let found = self.with_role_on_top(ask, section, found);
                    let base = found.chain.first().map_or(ask.provider(), |u| u.provider);
                    let provider = match ask {
                        Ask::Role | Ask::RoleOfSource => Method::AssumeRole,
                        _ => base,
                    };
                    winner = Some(Winner { chain: found.chain });
                    Step {
                        provider,
                        ..step(Verdict::Used, found.reason)
                    }
                }
                Answer::Fails(trouble) => {
                    let step = step(Verdict::Error, trouble.message.clone());
                    match self.rules.forgives.forgives(trouble.code) {
                        true if ask.of_profile() => passed_over = Some(trouble),
                        true => {}
                        false => error = Some(trouble),
                    }
                    step
                }
            });
        }
        if winner.is_none() && error.is_none() {
            error = Some(passed_over.clone().unwrap_or_else(|| self.no_credentials()));
        } else if let (Some(trouble), Some(_)) = (&passed_over, &winner) {
            self.note(
                "mistake-passed-over",
                format!(
                    "{} passes over a mistake and goes on: {}",
                    self.tool.title(),
                    trouble.message
                ),
                None,
            );
        }
        self.finish(Explanation {
            winner,
            error,
            steps,
            ..nothing
        })
    }

    fn no_credentials(&self) -> Trouble {
        let imds = match self.imds_off() {
            Some(_) => "",
            None => ", unless this is an EC2 instance with a role",
        };
        Trouble {
            code: "no-credentials",
            message: format!("{} finds no credentials{imds}", self.tool.title()),
        }
    }

    fn not_reached(&self, ask: Ask, would: Answer) -> Step {
        let would_answer = !matches!(would, Answer::No(_));
        let reason = match would {
            Answer::No(_) => "what comes before it decides".to_owned(),
            Answer::Yes(found) => format!("would be: {}", found.reason),
            Answer::Fails(trouble) => format!("would fail: {}", trouble.message),
        };
        Step {
            provider: ask.provider(),
            verdict: Verdict::NotReached,
            reason,
            would_answer,
        }
    }

    fn finish(&self, mut explanation: Explanation) -> Explanation {
        explanation.region = self.region();
        let own = self.notices.borrow().clone();
        explanation.warnings = notices::of(self.rules, self.world, self.files, &explanation);
        for notice in own {
            if !explanation.warnings.contains(&notice) {
                explanation.warnings.push(notice);
            }
        }
        explanation
    }

    fn note(&self, code: &'static str, message: String, place: Option<(PathBuf, Option<u32>)>) {
        self.notices.borrow_mut().push(Notice {
            code,
            message,
            place,
        });
    }

    /// The value of a key that counts as there.
    pub(super) fn key<'s>(&self, section: &'s Section, name: &str) -> Option<&'s Value> {
        section
            .get(name)
            .filter(|v| self.rules.empty_values == Empty::Counts || !v.text.is_empty())
    }

    /// Whether both static keys are there.
    pub(super) fn whole_keys(&self, section: &Section) -> bool {
        self.key(section, "aws_access_key_id").is_some()
            && self.key(section, "aws_secret_access_key").is_some()
    }

    fn at(&self, value: &Value) -> String {
        self.files.at(value)
    }

    fn ask(&self, ask: Ask, profile: Option<&Section>, walk: &mut Walk) -> Answer {
        match ask {
            Ask::Env => return self.env(),
            Ask::EnvWebIdentity => return self.env_web_identity(),
            Ask::Ec2File => return self.ec2_file(),
            Ask::BotoConfig => return self.boto_config(),
            Ask::Container => return self.container(),
            Ask::Instance => return self.instance(),
            Ask::MixedWebIdentity => return self.mixed_web_identity(profile),
            _ => {}
        }
        let Some(profile) = profile else {
            // Only a profile that was asked for by name is missed.
            return match self.profile_from {
                "default" => Answer::No(self.no_such_profile()),
                _ if self.rules.forgives.forgives("profile-not-found") => Answer::Fails(Trouble {
                    code: "profile-not-found",
                    message: self.no_such_profile(),
                }),
                _ => Answer::No(self.no_such_profile()),
            };
        };
        match ask {
            Ask::Role => self.role(profile, walk, true),
            Ask::RoleOfSource => self.role(profile, walk, false),
            Ask::NamedSource => self.named_source(profile),
            Ask::WebIdentity => self.web_identity(profile),
            Ask::Sso => self.sso(profile, walk.as_source),
            Ask::Login => self.login(profile),
            Ask::Process | Ask::ProcessAgain => self.process(profile),
            Ask::WholeKeys if !self.whole_keys(profile) => {
                Answer::No("the profile has no pair of keys".to_owned())
            }
            Ask::Keys | Ask::WholeKeys => self.keys(profile),
            Ask::KeysIn(file) => self.keys_in(file, &profile.name),
            _ => Answer::No(String::new()),
        }
    }

    fn yes(
        provider: Method,
        profile: Option<&str>,
        role_arn: Option<&str>,
        reason: String,
    ) -> Answer {
        Answer::Yes(Found {
            chain: vec![Used {
                provider,
                profile: profile.map(str::to_owned),
                role_arn: role_arn.map(str::to_owned),
            }],
            reason,
        })
    }

    fn fails(code: &'static str, message: String) -> Answer {
        Answer::Fails(Trouble { code, message })
    }

    // The environment.

    fn var(&self, var: &'static EnvVar) -> Option<Cow<'_, str>> {
        self.world.vars.raw(var).map(|v| v.to_string_lossy())
    }

    /// The first of several variables that is a key.
    fn env_key(&self, names: &[&'static EnvVar]) -> Option<&'static EnvVar> {
        names.iter().copied().find(|name| {
            self.var(name)
                .is_some_and(|value| match self.rules.env.blank {
                    Empty::Counts => !value.is_empty(),
                    Empty::Absent => !value.trim().is_empty(),
                })
        })
    }

    /// What takes the environment's keys out of play, where something does.
    fn env_off(&self) -> Option<String> {
        let named = self.profile_from != "default";
        match self.rules.env.off {
            Off::Explicit if self.profile_from == "--profile" => {}
            Off::Named if named => {}
            _ => return None,
        }
        Some(match self.profile_from {
            "--profile" => {
                "a profile that is named by --profile takes the environment's keys out of play"
                    .to_owned()
            }
            var => format!("{var} is set, which takes the environment's keys out of play"),
        })
    }

    fn env(&self) -> Answer {
        if let Some(why) = self.env_off() {
            return Answer::No(why);
        }
        self.env_keys()
    }

    fn env_keys(&self) -> Answer {
        let rule = &self.rules.env;
        let (id, secret) = (self.env_key(rule.ids), self.env_key(rule.secrets));
        let first = |names: &[&'static EnvVar]| names.first().map_or("", |var| var.name);
        match (id, secret) {
            (Some(id), Some(secret)) => match self.env_expiry() {
                Some(trouble) => Answer::Fails(trouble),
                None => Self::yes(
                    Method::Env,
                    None,
                    None,
                    format!("{id} and {secret} are set"),
                ),
            },
            (Some(id), None) if rule.half_stops => Self::fails(
                "partial-credentials",
                format!("{id} is set, and {} is not", first(rule.secrets)),
            ),
            (Some(id), None) => Answer::No(format!(
                "{id} is set, but {} is not: both are needed",
                first(rule.secrets)
            )),
            (None, Some(secret)) => {
                Answer::No(format!("{secret} is set, but {} is not", first(rule.ids)))
            }
            (None, None) => Answer::No(format!("{} is not set", first(rule.ids))),
        }
    }

    /// Looks at the date that the keys of the environment end on.
    fn env_expiry(&self) -> Option<Trouble> {
        const VAR: &EnvVar = &env_vars::AWS_CREDENTIAL_EXPIRATION;
        if !self.rules.env.expiry {
            return None;
        }
        let text = self.var(VAR).filter(|t| !t.is_empty())?;
        match time::parse(&text) {
            Some(time::Written::At(at)) if at <= self.world.now => self.note(
                "keys-expired",
                format!("the environment's keys ended at {} ({VAR})", at.iso()),
                None,
            ),
            Some(time::Written::At(_)) => {}
            // dateutil reads almost everything that has a number in it.
            None if self.rules.dialect == Dialect::Botocore
                && !text.contains(|c: char| c.is_ascii_digit()) =>
            {
                return Some(Trouble {
                    code: "expiry-unreadable",
                    message: format!("{VAR} is no date: '{text}'"),
                });
            }
            _ => self.note(
                "expiry-unreadable",
                format!("{VAR} is no date with a time and a zone: '{text}'"),
                None,
            ),
        }
        None
    }

    fn env_web_identity(&self) -> Answer {
        if let Some(why) = self
            .env_off()
            .filter(|_| self.rules.env.off == Off::Explicit)
        {
            return Answer::No(why);
        }
        // JavaScript and Go take an empty one for unset.
        let set = |name: &'static EnvVar| match self.tool {
            Tool::Js | Tool::Go => self.world.vars.has(name),
            _ => self.world.vars.raw(name).is_some(),
        };
        match (
            set(&env_vars::AWS_WEB_IDENTITY_TOKEN_FILE),
            set(&env_vars::AWS_ROLE_ARN),
        ) {
            (true, true) => self.web_identity_of(
                &self
                    .var(&env_vars::AWS_WEB_IDENTITY_TOKEN_FILE)
                    .unwrap_or_default(),
                &self.var(&env_vars::AWS_ROLE_ARN).unwrap_or_default(),
                None,
                "AWS_WEB_IDENTITY_TOKEN_FILE and AWS_ROLE_ARN are set".to_owned(),
            ),
            // Go takes the token file alone for the wish.
            (true, false) if self.tool == Tool::Go => Self::fails(
                "web-identity-without-role",
                "AWS_WEB_IDENTITY_TOKEN_FILE is set, and AWS_ROLE_ARN is not".to_owned(),
            ),
            (true, false) => Answer::No("AWS_ROLE_ARN is not set".to_owned()),
            (false, _) => Answer::No("AWS_WEB_IDENTITY_TOKEN_FILE is not set".to_owned()),
        }
    }

    fn web_identity_of(
        &self,
        token_file: &str,
        role_arn: &str,
        profile: Option<&str>,
        reason: String,
    ) -> Answer {
        let path = Path::new(token_file);
        if !matches!((self.world.read)(path), Content::Bytes(_)) {
            let message = format!("the web identity's token file {token_file} can't be read");
            if self.rules.forgives.forgives("token-file-missing") {
                return Self::fails("token-file-missing", message);
            }
            self.note("token-file-missing", message, Some((path.to_owned(), None)));
        }
        Self::yes(Method::WebIdentity, profile, Some(role_arn), reason)
    }

    fn ec2_file(&self) -> Answer {
        const VAR: &EnvVar = &env_vars::AWS_CREDENTIAL_FILE;
        let Some(path) = self.var(VAR) else {
            return Answer::No(format!("{VAR} is not set"));
        };
        let home = self.home();
        let path = match (path.strip_prefix("~/"), &home) {
            (Some(rest), Some(home)) => home.join(rest),
            _ => PathBuf::from(path.as_ref()),
        };
        let Content::Bytes(bytes) = (self.world.read)(&path) else {
            return Self::fails(
                "ec2-credentials-file-missing",
                format!("{VAR} names {}, which can't be read", path.display()),
            );
        };
        let text = String::from_utf8_lossy(&bytes);
        let has = |key: &str| {
            text.lines()
                .filter_map(|line| line.split_once('='))
                .any(|(name, _)| name.trim() == key)
        };
        match (has("AWSAccessKeyId"), has("AWSSecretKey")) {
            (true, true) => Self::yes(
                Method::Ec2File,
                None,
                None,
                format!("the keys in {} ({VAR})", path.display()),
            ),
            (true, false) => Self::fails(
                "partial-credentials",
                format!("{} has no AWSSecretKey", path.display()),
            ),
            (false, _) => Answer::No(format!("{} has no AWSAccessKeyId", path.display())),
        }
    }

    fn boto_config(&self) -> Answer {
        let paths: Vec<PathBuf> = match self.var(&env_vars::BOTO_CONFIG) {
            Some(path) => vec![PathBuf::from(path.as_ref())],
            None => std::iter::once(PathBuf::from("/etc/boto.cfg"))
                .chain(self.home().map(|home| home.join(".boto")))
                .collect(),
        };
        for path in &paths {
            let Content::Bytes(bytes) = (self.world.read)(path) else {
                continue;
            };
            let text = String::from_utf8_lossy(&bytes);
            // Its sections have plain names, as those of the credentials file do.
            let file = match grammar::read_file(Dialect::Botocore, FileKind::Credentials, &text) {
                Ok(file) => file,
                Err(fault) => {
                    return Self::fails(
                        "config-parse",
                        format!("{}:{}: {}", path.display(), fault.line, fault.message),
                    );
                }
            };
            let Some(section) = file.sections.iter().find(|s| s.name == "Credentials") else {
                continue;
            };
            let Some(id) = section.get("aws_access_key_id") else {
                continue;
            };
            let place = format!("{}:{}", path.display(), id.line);
            return match section.get("aws_secret_access_key") {
                Some(_) => Self::yes(Method::BotoConfig, None, None, format!("keys at {place}")),
                None => Self::fails(
                    "partial-credentials",
                    format!("{place}: aws_access_key_id without aws_secret_access_key"),
                ),
            };
        }
        Answer::No("there is no boto configuration with keys".to_owned())
    }

    fn container(&self) -> Answer {
        let counts = |var: &&&'static EnvVar| match self.tool {
            // The others look whether the variable is there at all.
            Tool::Js | Tool::Go => self.world.vars.has(var),
            _ => self.world.vars.raw(var).is_some(),
        };
        match CONTAINER_VARS.iter().find(counts) {
            Some(var) => Self::yes(Method::Container, None, None, format!("{var} is set")),
            None => Answer::No(format!(
                "neither {} nor {} is set",
                CONTAINER_VARS[0], CONTAINER_VARS[1]
            )),
        }
    }

    /// What switches the instance's metadata service off.
    fn imds_off(&self) -> Option<String> {
        const VAR: &EnvVar = &env_vars::AWS_EC2_METADATA_DISABLED;
        let value = self.var(VAR)?;
        let off = match self.tool {
            Tool::Js => !value.is_empty() && value != "false",
            _ => value.eq_ignore_ascii_case("true"),
        };
        off.then(|| format!("{VAR} is {value}"))
    }

    fn instance(&self) -> Answer {
        Answer::No(self.imds_off().unwrap_or_else(|| {
            "only on an EC2 instance; its metadata service is not asked from here".to_owned()
        }))
    }

    fn home(&self) -> Option<PathBuf> {
        Places::read_by(self.world.vars, self.rules.places).home
    }

    // The profile.

    fn mixed_web_identity(&self, profile: Option<&Section>) -> Answer {
        // Each of the two comes from the environment where it is set, be it empty.
        let get = |key: &str, var: &'static EnvVar| -> Option<(String, String)> {
            let of_env = self
                .var(var)
                .filter(|_| self.profile_from != "--profile")
                .map(|v| (v.into_owned(), var.name.to_owned()));
            of_env.or_else(|| {
                let value = self.key(profile?, key)?;
                Some((value.text.clone(), format!("{key} at {}", self.at(value))))
            })
        };
        let token = get(
            "web_identity_token_file",
            &env_vars::AWS_WEB_IDENTITY_TOKEN_FILE,
        );
        let Some((token, token_from)) = token.filter(|(text, _)| !text.is_empty()) else {
            return Answer::No("no web_identity_token_file, and no variable for one".to_owned());
        };
        let role = get("role_arn", &env_vars::AWS_ROLE_ARN).filter(|(text, _)| !text.is_empty());
        match role {
            Some((role, role_from)) => {
                let profile = profile
                    .filter(|_| !token_from.starts_with("AWS_"))
                    .map(|p| p.name.as_str());
                self.web_identity_of(&token, &role, profile, format!("{token_from}, {role_from}"))
            }
            None => Self::fails(
                "web-identity-without-role",
                format!("{token_from}, but neither role_arn nor AWS_ROLE_ARN"),
            ),
        }
    }

    fn web_identity(&self, profile: &Section) -> Answer {
        let Some(token) = self.key(profile, "web_identity_token_file") else {
            return Answer::No("the profile has no web_identity_token_file".to_owned());
        };
        match self.key(profile, "role_arn") {
            Some(role) => self.web_identity_of(
                &token.text,
                &role.text,
                Some(&profile.name),
                format!("web_identity_token_file at {}", self.at(token)),
            ),
            None if matches!(self.tool, Tool::Js | Tool::Java) => Answer::No(format!(
                "{}: web_identity_token_file without role_arn",
                self.at(token)
            )),
            None => Self::fails(
                "web-identity-without-role",
                format!(
                    "{}: web_identity_token_file without role_arn",
                    self.at(token)
                ),
            ),
        }
    }

    fn login(&self, profile: &Section) -> Answer {
        let Some(session) = self.key(profile, "login_session") else {
            return Answer::No("the profile has no login_session".to_owned());
        };
        let folder =
            Places::read_by(self.world.vars, self.rules.places).login_cache(self.world.vars);
        if let Some(path) = folder.map(|folder| cache::login_token(&folder, &session.text)) {
            let trouble = match (self.world.read)(&path) {
                Content::Absent => Some("there is no login for it yet".to_owned()),
                Content::Unusable(why) => Some(format!("its token file can't be read: {why}")),
                Content::Bytes(json) => token::login_life(&json).err().map(no_token),
            };
            if let Some(why) = trouble {
                self.login_needed(format!("'aws login' is needed: {why}"), path);
            }
        }
        if self.tool == Tool::Boto3 {
            self.note(
                "needs-crt",
                "boto3 uses an aws login session only where botocore[crt] is installed".to_owned(),
                None,
            );
        }
        let reason = format!("login_session at {}", self.at(session));
        Self::yes(Method::Login, Some(&profile.name), None, reason)
    }

    fn login_needed(&self, message: String, path: PathBuf) {
        self.note("login-needed", message, Some((path, None)));
    }

    fn process(&self, profile: &Section) -> Answer {
        match self.key(profile, "credential_process") {
            Some(process) => Self::yes(
                Method::Process,
                Some(&profile.name),
                None,
                format!(
                    "credential_process at {} (not run from here)",
                    self.at(process)
                ),
            ),
            None => Answer::No("the profile has no credential_process".to_owned()),
        }
    }

    /// Static keys of the merged profile.
    fn keys(&self, profile: &Section) -> Answer {
        let id = self.key(profile, "aws_access_key_id");
        let secret = self.key(profile, "aws_secret_access_key");
        let token = self.key(profile, "aws_session_token");
        let lone = |value: &Value, has: &str, lacks: &str| {
            format!("{}: {has} without {lacks}", self.at(value))
        };
        let (value, has, lacks) = match (id, secret, token) {
            (Some(id), Some(_), _) => {
                let provider = match id.file {
                    FileKind::Config => Method::ConfigFile,
                    FileKind::Credentials => Method::SharedCredentialsFile,
                };
                let reason = format!("keys at {}", self.at(id));
                return Self::yes(provider, Some(&profile.name), None, reason);
            }
            (Some(id), None, _) => (id, "aws_access_key_id", "aws_secret_access_key"),
            (None, Some(secret), _) => (secret, "aws_secret_access_key", "aws_access_key_id"),
            (None, None, Some(token)) => (token, "aws_session_token", "aws_access_key_id"),
            (None, None, None) => return Answer::No("the profile has no keys".to_owned()),
        };
        let stops = match self.rules.half_keys {
            HalfKeys::LoneIdStops => id.is_some(),
            HalfKeys::LoneIdOrTokenStops => id.is_some() || token.is_some(),
            HalfKeys::Stop => true,
            HalfKeys::Skipped => false,
        };
        match stops {
            true => Self::fails("partial-credentials", lone(value, has, lacks)),
            false => Answer::No(lone(value, has, lacks)),
        }
    }

    /// Static keys as one file has them, whatever the other says.
    fn keys_in(&self, file: FileKind, name: &str) -> Answer {
        let (provider, called) = match file {
            FileKind::Config => (Method::ConfigFile, "config file"),
            FileKind::Credentials => (Method::SharedCredentialsFile, "credentials file"),
        };
        let none = || Answer::No(format!("the {called} has no keys for the profile"));
        let Some(profile) = self.files.profile_in(file, name) else {
            return none();
        };
        match (
            self.key(profile, "aws_access_key_id"),
            self.key(profile, "aws_secret_access_key"),
        ) {
            (Some(id), Some(_)) => {
                let reason = format!("keys at {}", self.at(id));
                Self::yes(provider, Some(name), None, reason)
            }
            (Some(id), None) => {
                let elsewhere = self
                    .files
                    .merged
                    .profile(name)
                    .and_then(|p| self.key(p, "aws_secret_access_key"))
                    .map(|v| format!(" (that stands in the other file, {})", self.at(v)))
                    .unwrap_or_default();
                Self::fails(
                    "partial-credentials",
                    format!(
                        "{}: aws_access_key_id without aws_secret_access_key{elsewhere}",
                        self.at(id)
                    ),
                )
            }
            (None, Some(secret)) => Answer::No(format!(
                "{}: aws_secret_access_key without aws_access_key_id",
                self.at(secret)
            )),
            (None, None) => none(),
        }
    }

    // Roles.

    fn role(&self, profile: &Section, walk: &mut Walk, named_sources: bool) -> Answer {
        let rule = &self.rules.role;
        if walk.role_cleared {
            return Answer::No("its role was seen before".to_owned());
        }
        let Some(arn) = self.key(profile, "role_arn") else {
            return Answer::No("the profile has no role_arn".to_owned());
        };
        if let Some(token) = self
            .key(profile, "web_identity_token_file")
            .filter(|_| rule.web_identity_instead)
        {
            return Answer::No(format!(
                "web_identity_token_file at {} makes it a web identity",
                self.at(token)
            ));
        }
        let any_key = ["aws_access_key_id", "aws_secret_access_key"]
            .into_iter()
            .find_map(|key| self.key(profile, key));
        if let Some(key) = any_key.filter(|_| rule.any_key_of_source_first && walk.as_source) {
            return Answer::No(format!("the source's key at {} comes first", self.at(key)));
        }
        let source = self.key(profile, "source_profile");
        let named = self
            .key(profile, "credential_source")
            .filter(|_| named_sources);
        let found = match (source, named) {
            (Some(source), Some(named)) => {
                let message = format!(
                    "{}: credential_source beside source_profile at {}",
                    self.at(named),
                    self.at(source)
                );
                return match rule.both_stop {
                    true => Self::fails("role-with-both-sources", message),
                    false => Answer::No(message),
                };
            }
            (None, None) => {
                let message = format!(
                    "{}: role_arn without source_profile or credential_source",
                    self.at(arn)
                );
                return match rule.neither_stops {
                    true => Self::fails("role-without-source", message),
                    false => Answer::No(message),
                };
            }
            (source, named) => {
                // A loop at this very profile and an unknown source are seen before the code is missed.
                let sound = source.is_none_or(|s| !walk.seen.contains(&s.text))
                    && named.is_none_or(|n| self.source_named(&n.text).is_some());
                let asked = rule.mfa == Mfa::StopsFirst && sound;
                match (asked.then(|| self.mfa(profile)).flatten(), source, named) {
                    (Some(trouble), ..) => Err(trouble),
                    (None, Some(source), _) => self.source(profile, source, walk),
                    (None, None, Some(named)) => self.credentials_of(named),
                    (None, None, None) => return Answer::No(String::new()),
                }
            }
        };
        match found {
            Ok(found) => match self.mfa(profile) {
                Some(trouble) => Answer::Fails(trouble),
                None => Answer::Yes(self.assume(profile, arn, found)),
            },
            Err(trouble) => Answer::Fails(trouble),
        }
    }

    /// The role on top of other credentials.
    fn assume(&self, profile: &Section, arn: &Value, mut found: Found) -> Found {
        self.cached_role(profile, arn, &found);
        let whose = match found.chain.last() {
            Some(Used {
                profile: Some(p), ..
            }) if *p != profile.name => format!(" of {p}"),
            _ => String::new(),
        };
        let reason = format!(
            "role_arn at {}, with the credentials{whose}: {}",
            self.at(arn),
            found.reason
        );
        found.chain.push(Used {
            provider: Method::AssumeRole,
            profile: Some(profile.name.clone()),
            role_arn: Some(arn.text.clone()),
        });
        Found { reason, ..found }
    }

    fn with_role_on_top(&self, ask: Ask, profile: Option<&Section>, found: Found) -> Found {
        let (Some(profile), true) = (profile, self.rules.role.on_top) else {
            return found;
        };
        let own = matches!(
            ask,
            Ask::Keys | Ask::NamedSource | Ask::Sso | Ask::Process | Ask::Container
        );
        match self.key(profile, "role_arn") {
            Some(arn) if own => self.assume(profile, arn, found),
            _ => found,
        }
    }

    fn mfa(&self, profile: &Section) -> Option<Trouble> {
        let serial = self.key(profile, "mfa_serial")?;
        let at = self.at(serial);
        let place = self
            .files
            .path(serial.file)
            .map(|p| (p.to_owned(), Some(serial.line)));
        match self.rules.role.mfa {
            Mfa::Asked => self.note(
                "mfa-asked",
                "a code of the MFA device will be asked for on the terminal".to_owned(),
                place,
            ),
            Mfa::Ignored => self.note(
                "mfa-ignored",
                format!("{} passes over mfa_serial", self.tool.title()),
                place,
            ),
            Mfa::Stops | Mfa::StopsFirst => {
                return Some(Trouble {
                    code: "mfa-needed",
                    message: format!("{at}: mfa_serial needs a program that asks for the code"),
                });
            }
        }
        None
    }

    /// The provider that a value of `credential_source` stands for, with its proper name.
    fn source_named(&self, text: &str) -> Option<(&'static str, Method)> {
        const NAMES: [(&str, Method); 3] = [
            ("Environment", Method::Env),
            ("EcsContainer", Method::Container),
            ("Ec2InstanceMetadata", Method::Instance),
        ];
        NAMES
            .into_iter()
            .find(|(name, _)| match self.rules.role.any_case {
                true => text.eq_ignore_ascii_case(name),
                false => text == *name,
            })
    }

    /// The credentials of a `credential_source`.
    fn credentials_of(&self, named: &Value) -> Result<Found, Trouble> {
        let known = self.source_named(&named.text);
        let Some((name, method)) = known else {
            return Err(Trouble {
                code: "credential-source-unknown",
                message: format!(
                    "{}: credential_source is none of Environment, EcsContainer and Ec2InstanceMetadata: '{}'",
                    self.at(named),
                    named.text
                ),
            });
        };
        let empty = |why: String| Trouble {
            code: "credential-source-empty",
            message: format!("{}: credential_source is {name}, but {why}", self.at(named)),
        };
        let answer = match method {
            Method::Env => self.env_keys(),
            Method::Container => self.container(),
            _ => match self.imds_off() {
                Some(why) => return Err(empty(why)),
                None => Self::yes(
                    Method::Instance,
                    None,
                    None,
                    format!("credential_source at {}", self.at(named)),
                ),
            },
        };
        match answer {
            Answer::Yes(found) => Ok(found),
            Answer::No(why) => Err(empty(why)),
            Answer::Fails(trouble) => Err(trouble),
        }
    }

    fn named_source(&self, profile: &Section) -> Answer {
        let Some(named) = self.key(profile, "credential_source") else {
            return Answer::No("the profile has no credential_source".to_owned());
        };
        match self.credentials_of(named) {
            Ok(found) => Answer::Yes(found),
            Err(trouble) => Answer::Fails(trouble),
        }
    }

    /// The credentials of a `source_profile`.
    fn source(&self, profile: &Section, source: &Value, walk: &mut Walk) -> Result<Found, Trouble> {
        let name = &source.text;
        let at = self.at(source);
        let Some(next) = self.files.profile(name) else {
            return Err(Trouble {
                code: "source-profile-not-found",
                message: format!("{at}: no file has the source_profile '{name}'"),
            });
        };
        let seen = walk.seen.contains(name);
        let own = *name == profile.name;
        let any_key = ["aws_access_key_id", "aws_secret_access_key"]
            .into_iter()
            .any(|key| self.key(next, key).is_some());
        let again = self.rules.role.again;
        let is_loop = match again {
            Again::LoopUnlessOwnKey => seen && !(own && any_key),
            Again::LoopUnlessOwn => seen && !own,
            Again::LoopAfterSecond | Again::Loop => seen,
            Again::RoleCleared => false,
        };
        if is_loop {
            let mut way = walk.seen.clone();
            way.push(name.clone());
            return Err(Trouble {
                code: "source-profile-loop",
                message: format!("{at}: source_profile runs in a circle: {}", way.join(" → ")),
            });
        }
        if let Some(trouble) = self
            .rules
            .check
            .filter(|_| !seen)
            .and_then(|check| check(self, next, true))
        {
            return Err(trouble);
        }
        walk.seen.push(name.clone());
        walk.as_source = true;
        walk.role_cleared = again == Again::RoleCleared && seen;
        // A profile that is its own source is asked for what it has beside the role.
        let beside_role = again == Again::LoopUnlessOwn && own;
        for &ask in self.rules.source {
            if beside_role && matches!(ask, Ask::Role | Ask::WholeKeys) {
                continue;
            }
            match self.ask(ask, Some(next), walk) {
                Answer::No(_) => {}
                Answer::Yes(found) => return Ok(found),
                // What the SDK for Rust forgives in the profile itself, it does not forgive in a source.
                Answer::Fails(trouble)
                    if self.tool == Tool::Rust
                        && !beside_role
                        && ask == Ask::Sso
                        && trouble.code == "sso-incomplete" =>
                {
                    return Err(Trouble {
                        code: "source-profile-without-credentials",
                        ..trouble
                    });
                }
                Answer::Fails(trouble) => return Err(trouble),
            }
        }
        Err(Trouble {
            code: match beside_role {
                true => "own-source-without-credentials",
                false => "source-profile-without-credentials",
            },
            message: format!("{at}: the source_profile '{name}' has no credentials"),
        })
    }

    /// Role credentials that the AWS CLI has kept from an earlier call make the base's login unimportant.
    fn cached_role(&self, profile: &Section, arn: &Value, found: &Found) {
        if !self.rules.role_cache || found.chain.is_empty() {
            return;
        }
        let Some(home) = self.home() else { return };
        let text = |key: &str| self.key(profile, key).map(|v| v.text.as_str());
        let path = cache::assumed_role(
            &home,
            RoleCall {
                role_arn: &arn.text,
                duration_seconds: text("duration_seconds").and_then(|t| t.trim().parse().ok()),
                external_id: text("external_id"),
                session_name: text("role_session_name"),
                mfa_serial: text("mfa_serial"),
            },
        );
        if self.fresh(&path) {
            self.notices
                .borrow_mut()
                .retain(|n| n.code != "login-needed");
            self.note_cached(path);
        }
    }

    /// Whether the AWS CLI still uses the role credentials in `path`.
    fn fresh(&self, path: &Path) -> bool {
        let Content::Bytes(json) = (self.world.read)(path) else {
            return false;
        };
        token::role_expiry(&json).is_some_and(|at| at.since(self.world.now) >= EXPIRING)
    }

    fn note_cached(&self, path: PathBuf) {
        self.note(
            "cached-role",
            format!(
                "{} uses the role's credentials that it has kept from an earlier call",
                self.tool.title()
            ),
            Some((path, None)),
        );
    }

    // SSO.

    fn no_session(&self, session: &Value) -> Trouble {
        Trouble {
            code: "sso-session-not-found",
            message: format!(
                "{}: there is no [sso-session {}]",
                self.at(session),
                session.text
            ),
        }
    }

    fn sso(&self, profile: &Section, as_source: bool) -> Answer {
        let rule = &self.rules.sso;
        let trigger = rule
            .triggers
            .iter()
            .find_map(|key| Some((*key, self.key(profile, key)?)));
        let session = self.key(profile, "sso_session");
        let Some((trigger, trigger_value)) = trigger else {
            return Answer::No(match session {
                Some(session) => format!(
                    "{}: sso_session without sso_account_id and sso_role_name gives bearer tokens only",
                    self.at(session)
                ),
                None => format!("the profile has no {}", rule.triggers.join(" and no ")),
            });
        };
        let mut merged = profile.clone();
        if let Some(session) = session {
            let Some(section) = self.files.merged.sso_session(&session.text) else {
                return Answer::Fails(self.no_session(session));
            };
            if let Some(trouble) = self.contradiction(profile, section) {
                return Answer::Fails(trouble);
            }
            for (key, value) in &section.keys {
                // Only botocore takes every key of the session for the profile's own.
                let taken = rule.repeats == Repeats::Same
                    || matches!(key.as_str(), "sso_start_url" | "sso_region");
                if taken {
                    merged.keys.retain(|(k, _)| k != key);
                    merged.keys.push((key.clone(), value.clone()));
                }
            }
        }
        if let Some(trouble) = self.sso_lacks(&merged, session, trigger, trigger_value) {
            return Answer::Fails(trouble);
        }
        let text = |key: &str| self.key(&merged, key).map(|v| v.text.as_str());
        let token_key = session.map_or_else(|| text("sso_start_url"), |s| Some(&s.text));
        let named = session.map_or_else(String::new, |s| format!(", [sso-session {}]", s.text));
        let reason = format!("{trigger} at {}{named}", self.at(trigger_value));
        let login = token_key.and_then(|key| self.sso_login(key, session.is_some()));
        if let Some((path, why)) = login {
            let cached = self.cached_sso_role(&merged, session);
            match cached {
                Some(kept) => self.note_cached(kept),
                None if self.rules.forgives.forgives("login-needed") && !as_source => {
                    return Self::fails("login-needed", format!("{reason}: {why}"));
                }
                None => self.login_needed(why, path),
            }
        }
        Self::yes(Method::Sso, Some(&profile.name), None, reason)
    }

    fn contradiction(&self, profile: &Section, session: &Section) -> Option<Trouble> {
        let repeated = session
            .keys
            .iter()
            .filter_map(|(key, theirs)| Some((key.as_str(), self.key(profile, key)?, theirs)));
        let url_or_region = |key: &str| matches!(key, "sso_start_url" | "sso_region");
        let inconsistent = |key: &str, own: &Value, theirs: &Value| Trouble {
            code: "sso-inconsistent",
            message: format!(
                "{}: {key} is not what the sso-session says at {}",
                self.at(own),
                self.at(theirs)
            ),
        };
        match self.rules.sso.repeats {
            Repeats::Ignored => None,
            Repeats::Same => {
                let mut repeated = repeated;
                repeated
                    .find(|(_, own, theirs)| own.text != theirs.text)
                    .map(|(key, own, theirs)| inconsistent(key, own, theirs))
            }
            Repeats::SameUrlAndRegion => {
                let mut repeated = repeated;
                repeated
                    .find(|(key, own, theirs)| url_or_region(key) && own.text != theirs.text)
                    .map(|(key, own, theirs)| inconsistent(key, own, theirs))
            }
            Repeats::SameInAnyCase => {
                let mut repeated = repeated;
                repeated
                    .find(|(key, own, theirs)| {
                        url_or_region(key) && !own.text.eq_ignore_ascii_case(&theirs.text)
                    })
                    .map(|(key, own, theirs)| inconsistent(key, own, theirs))
            }
            Repeats::Forbidden => ["sso_start_url", "sso_region"].into_iter().find_map(|key| {
                let own = self.key(profile, key)?;
                Some(Trouble {
                    code: "sso-repeats-session",
                    message: format!(
                        "{}: {key} may not stand beside sso_session, whatever its value",
                        self.at(own)
                    ),
                })
            }),
        }
    }

    /// What an SSO profile lacks. `merged` has the session's keys.
    fn sso_lacks(
        &self,
        merged: &Section,
        session: Option<&Value>,
        trigger: &str,
        trigger_value: &Value,
    ) -> Option<Trouble> {
        let has = |key: &str| self.key(merged, key).is_some();
        let place = format!("{}: {trigger}", self.at(trigger_value));
        let (account, role) = (has("sso_account_id"), has("sso_role_name"));
        let both: &[&str] = &["sso_account_id", "sso_role_name"];
        let wanted: &[&str] = match (self.rules.sso.needs, session) {
            (Needs::All, _) | (Needs::SessionOrAll, None) => &[
                "sso_account_id",
                "sso_role_name",
                "sso_start_url",
                "sso_region",
            ],
            (Needs::SessionOrAll, Some(_)) => &["sso_start_url", "sso_region"],
            (Needs::AccountWithRole, _) if account != role => {
                let lacks = both
                    .iter()
                    .find(|key| !has(key))
                    .copied()
                    .unwrap_or_default();
                return Some(Trouble {
                    code: "sso-half-role",
                    message: format!("{place} without {lacks}"),
                });
            }
            (Needs::AccountWithRole, _) => &["sso_start_url", "sso_region"],
        };
        let missing: Vec<&str> = wanted.iter().copied().filter(|key| !has(key)).collect();
        if !missing.is_empty() {
            return Some(Trouble {
                code: "sso-incomplete",
                message: format!("{place} without {}", missing.join(", ")),
            });
        }
        (self.rules.sso.needs == Needs::AccountWithRole && !account).then(|| Trouble {
            code: "sso-token-only",
            message: format!(
                "{place} without sso_account_id and sso_role_name gives bearer tokens only"
            ),
        })
    }

    /// The token file of a login that does not work, and why.
    fn sso_login(&self, key: &str, session: bool) -> Option<(PathBuf, String)> {
        let path = cache::sso_token(&self.home()?, key);
        let why = match (self.world.read)(&path) {
            Content::Absent => "there is no login yet".to_owned(),
            Content::Unusable(why) => format!("its token file can't be read: {why}"),
            Content::Bytes(json) => match token::read_sso(&json) {
                Err(e) => no_token(e),
                Ok(token) => {
                    let renews =
                        session && token.renewable_until.is_some_and(|at| at > self.world.now);
                    match token.expires {
                        None => "the date of its end can't be read".to_owned(),
                        Some(at) if at <= self.world.now && !renews => ended(at),
                        Some(_) => return None,
                    }
                }
            },
        };
        Some((path, format!("'aws sso login' is needed: {why}")))
    }

    fn cached_sso_role(&self, merged: &Section, session: Option<&Value>) -> Option<PathBuf> {
        if !self.rules.role_cache {
            return None;
        }
        let text = |key: &str| self.key(merged, key).map(|v| v.text.as_str());
        let name = session.map_or_else(|| text("sso_start_url"), |s| Some(&s.text))?;
        let path = cache::sso_role(
            &self.home()?,
            text("sso_account_id")?,
            text("sso_role_name")?,
            name,
            session.is_none(),
        );
        self.fresh(&path).then_some(path)
    }

    // The region.

    fn region(&self) -> Option<Region> {
        let counts = |value: &str| self.rules.empty_region == Empty::Counts || !value.is_empty();
        for var in self.rules.region_vars {
            if let Some(value) = self.var(var).filter(|v| counts(v)) {
                return Some(Region {
                    value: value.into_owned(),
                    from: var.name.to_owned(),
                });
            }
        }
        let mut seen: Vec<&str> = Vec::new();
        let mut name = self.profile;
        loop {
            let profile = self.files.profile(name)?;
            if let Some(value) = self.key(profile, "region") {
                return Some(Region {
                    value: value.text.clone(),
                    from: self.at(value),
                });
            }
            seen.push(name);
            name = &self.key(profile, "source_profile")?.text;
            if !self.rules.region_of_source || seen.contains(&name) {
                return None;
            }
        }
    }
}

/// The variables of a container's credentials, in the order in which they are believed.
pub(super) static CONTAINER_VARS: [&EnvVar; 2] = [
    &env_vars::AWS_CONTAINER_CREDENTIALS_RELATIVE_URI,
    &env_vars::AWS_CONTAINER_CREDENTIALS_FULL_URI,
];

fn no_token(why: NoToken) -> String {
    match why {
        NoToken::NotALogin => "its token file holds no token".to_owned(),
        NoToken::Broken { message, line, .. } => {
            format!("its token file is broken at line {line}: {message}")
        }
    }
}

fn ended(at: Epoch) -> String {
    format!("the last login ended at {}", at.iso())
}
