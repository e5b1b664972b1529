//! Follows a tool's chain through an environment and the AWS files: asks the providers in the tool's order, and goes
//! from a role to its source profile.

use super::files::Profiles;
use super::model::{Decision, Inputs, Provider, Step, Verdict};
use super::notices;
use super::providers::{
    Answer, Context, Found, Position, assume_role, container, environment, instance, legacy, login,
    process, sso, static_keys, web_identity,
};
use super::rules::{Again, Entry, Missing, Rules};
use super::select::select;
use crate::aws::config::{Section, Value};
use crate::diagnostic::{Code, Diagnostic};
use std::cell::RefCell;

/// How much of a decision is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Detail {
    /// The outcome.
    Outcome,
    /// Also the answers of providers that are not reached, and all warnings.
    Everything,
}

/// Makes a tool's decision.
pub(super) fn decide(
    rules: &'static Rules,
    inputs: &Inputs<'_>,
    profiles: &dyn Profiles,
    detail: Detail,
) -> Decision {
    let (profile, profile_from) = select(rules, inputs);
    let walk = Walk {
        ctx: Context {
            rules,
            inputs,
            profiles,
            profile: &profile,
            profile_from,
            warnings: RefCell::default(),
        },
        detail,
    };
    let (outcome, steps) = walk.run();
    let own = walk.ctx.warnings.into_inner();
    let mut decision = Decision {
        profile,
        profile_from,
        outcome,
        steps,
        warnings: Vec::new(),
    };
    if detail == Detail::Everything {
        decision.warnings = notices::of(rules, inputs, profiles, &decision);
    }
    for warning in own {
        if !decision.warnings.contains(&warning) {
            decision.warnings.push(warning);
        }
    }
    decision
}

struct Walk<'a> {
    ctx: Context<'a>,
    detail: Detail,
}

/// The path from the selected profile through its sources.
#[derive(Default)]
struct Way {
    /// The profiles so far.
    seen: Vec<String>,
    /// Whether this is a source profile.
    as_source: bool,
    /// Whether its role is ignored.
    role_cleared: bool,
}

type Outcome = Result<super::model::Winner, Diagnostic>;

impl Walk<'_> {
    fn run(&self) -> (Outcome, Vec<Step>) {
        let ctx = &self.ctx;
        if let Some(refusal) = ctx.profiles.refusal() {
            let error = Diagnostic {
                message: format!(
                    "{} refuses the whole file: {}",
                    ctx.rules.title, refusal.message
                ),
                ..refusal.clone()
            };
            return if ctx.rules.reads_files_late {
                self.follow(None, Some(&error))
            } else {
                (Err(error), Vec::new())
            };
        }
        let section = ctx.profiles.profile(ctx.profile);
        if section.is_none() && self.missing_stops() {
            let error = Diagnostic::new(Code::ProfileNotFound, self.no_such_profile());
            return (Err(error), Vec::new());
        }
        if let Some(error) = section.as_deref().and_then(|s| self.checked_first(s)) {
            return (Err(error), Vec::new());
        }
        self.follow(section.as_deref(), None)
    }

    fn missing_stops(&self) -> bool {
        let from = self.ctx.profile_from;
        match self.ctx.rules.missing_profile {
            Missing::Stops => from != "default",
            Missing::StopsIfNamedBy(var) => from == "--profile" || from == var.name,
            Missing::Skipped => false,
        }
    }

    fn no_such_profile(&self) -> String {
        match self.ctx.profile_from {
            "default" => "no file has a profile 'default'".to_owned(),
            from => format!("no file has a profile '{}' ({from})", self.ctx.profile),
        }
    }

    /// The mistake in a profile for a tool that checks it before anything else.
    fn checked_first(&self, profile: &Section) -> Option<Diagnostic> {
        let ctx = &self.ctx;
        let check = ctx.rules.check?;
        if let Some(error) = self.mistake(check(ctx.rules, profile, false)) {
            return Some(error);
        }
        let role = || self.ask(Entry::RoleOfSource, Some(profile), &mut self.first_way());
        if let Answer::Fail(error) = ctx.quietly(role) {
            return Some(error);
        }
        let session = ctx.key(profile, "sso_session")?;
        let known = ctx.profiles.sso_session(&session.text).is_some();
        (!known).then(|| sso::no_session(ctx, session))
    }

    fn mistake(&self, mistake: Option<super::rules::Mistake>) -> Option<Diagnostic> {
        mistake.map(|m| self.ctx.blame(&m.value, m.code, m.message))
    }

    fn first_way(&self) -> Way {
        // JavaScript does not count the selected profile as seen.
        let seen = match self.ctx.rules.role.again {
            Again::LoopAfterSecond => Vec::new(),
            _ => vec![self.ctx.profile.to_owned()],
        };
        Way {
            seen,
            ..Way::default()
        }
    }

    /// Asks the whole chain. `refused` is why the profile cannot be read at all.
    fn follow(
        &self,
        section: Option<&Section>,
        refused: Option<&Diagnostic>,
    ) -> (Outcome, Vec<Step>) {
        let rules = self.ctx.rules;
        let mut steps: Vec<Step> = Vec::new();
        let mut outcome: Option<Outcome> = None;
        let mut forgiven: Option<Diagnostic> = None;
        for &entry in rules.chain {
            let settled = outcome.is_some();
            if settled && self.detail == Detail::Outcome {
                break;
            }
            let profile_failed = forgiven.is_some() && entry.of_profile();
            if entry == Entry::ProcessAgain && (settled || forgiven.is_none()) {
                continue;
            }
            let answer = match refused.filter(|_| entry.of_profile()) {
                _ if settled || profile_failed => {
                    steps.push(self.not_reached(entry, section));
                    continue;
                }
                Some(error) => Answer::Fail(error.clone()),
                None => match self.ask(entry, section, &mut self.first_way()) {
                    Answer::Found(found) => assume_role::on_top(&self.ctx, entry, section, found),
                    answer => answer,
                },
            };
            let step = |verdict, reason| Step {
                provider: entry.provider(),
                verdict,
                reason,
                would_answer: verdict != Verdict::Skipped,
            };
            steps.push(match answer {
                Answer::Skip(reason) => step(Verdict::Skipped, reason),
                Answer::NeedsSource(_) => step(Verdict::Skipped, String::new()),
                Answer::Found(found) => {
                    let base = found.winner.chain.first();
                    let provider = match entry {
                        Entry::Role | Entry::RoleOfSource => Provider::AssumeRole,
                        _ => base.map_or(entry.provider(), |link| link.provider),
                    };
                    outcome = Some(Ok(found.winner));
                    Step {
                        provider,
                        ..step(Verdict::Used, found.reason)
                    }
                }
                Answer::Fail(error) => {
                    let step = step(Verdict::Error, error.to_string());
                    if !rules.forgives.forgives(error.code) {
                        outcome = Some(Err(error));
                    } else if entry.of_profile() {
                        forgiven = Some(error);
                    }
                    step
                }
            });
        }
        if let (Some(error), Some(Ok(_))) = (&forgiven, &outcome) {
            self.ctx.warn(Diagnostic {
                message: format!("{} ignores a mistake: {}", rules.title, error.message),
                code: Code::IgnoredError,
                ..error.clone()
            });
        }
        let outcome =
            outcome.unwrap_or_else(|| Err(forgiven.unwrap_or_else(|| self.no_credentials())));
        (outcome, steps)
    }

    fn no_credentials(&self) -> Diagnostic {
        Diagnostic::new(
            Code::NoCredentials,
            format!("{} finds no credentials", self.ctx.rules.title),
        )
    }

    /// A provider that the tool does not reach, and what it would answer.
    fn not_reached(&self, entry: Entry, section: Option<&Section>) -> Step {
        let would = self
            .ctx
            .quietly(|| self.ask(entry, section, &mut self.first_way()));
        let (would_answer, reason) = match would {
            Answer::Skip(_) | Answer::NeedsSource(_) => {
                (false, "an earlier provider decides".to_owned())
            }
            Answer::Found(found) => (true, format!("would be: {}", found.reason)),
            Answer::Fail(error) => (true, format!("would fail: {error}")),
        };
        Step {
            provider: entry.provider(),
            verdict: Verdict::NotReached,
            reason,
            would_answer,
        }
    }

    /// Asks one provider, and follows it to its source profile if it needs one.
    fn ask(&self, entry: Entry, profile: Option<&Section>, way: &mut Way) -> Answer {
        match (self.provider(entry, profile, way), profile) {
            (Answer::NeedsSource(source), Some(profile)) => {
                match self.source(profile, source, way) {
                    Ok(found) => assume_role::assume(&self.ctx, profile, found),
                    Err(error) => Answer::Fail(error),
                }
            }
            (answer, _) => answer,
        }
    }

    /// Asks one provider.
    fn provider(&self, entry: Entry, profile: Option<&Section>, way: &Way) -> Answer {
        let ctx = &self.ctx;
        match entry {
            Entry::Env => return environment::answer(ctx),
            Entry::EnvWebIdentity => return web_identity::of_environment(ctx),
            Entry::Ec2File => return legacy::ec2_file(ctx),
            Entry::BotoConfig => return legacy::boto_config(ctx),
            Entry::Container => return container::answer(ctx),
            Entry::Instance => return instance::answer(ctx),
            Entry::MixedWebIdentity => return web_identity::mixed(ctx, profile),
            _ => {}
        }
        let Some(profile) = profile else {
            // Only a profile selected by name can be missing.
            let why = self.no_such_profile();
            let missed =
                ctx.profile_from != "default" && ctx.rules.forgives.forgives(Code::ProfileNotFound);
            return if missed {
                Answer::fail(Code::ProfileNotFound, why)
            } else {
                Answer::Skip(why)
            };
        };
        let position = Position {
            seen: &way.seen,
            as_source: way.as_source,
            role_cleared: way.role_cleared,
        };
        match entry {
            Entry::Role => assume_role::answer(ctx, profile, &position, true),
            Entry::RoleOfSource => assume_role::answer(ctx, profile, &position, false),
            Entry::NamedSource => assume_role::named_source(ctx, profile),
            Entry::WebIdentity => web_identity::of_profile(ctx, profile),
            Entry::Sso => sso::answer(ctx, profile, position.as_source),
            Entry::Login => login::answer(ctx, profile),
            Entry::Process | Entry::ProcessAgain => process::answer(ctx, profile),
            Entry::WholeKeys if !ctx.rules.whole_keys(profile) => {
                Answer::Skip("the profile does not have both keys".to_owned())
            }
            Entry::Keys | Entry::WholeKeys => static_keys::merged(ctx, profile),
            Entry::KeysIn(file) => static_keys::in_file(ctx, file, &profile.name),
            _ => Answer::Skip(String::new()),
        }
    }

    /// The credentials of the `source_profile` of `profile`. Iterative, because a chain may be long.
    fn source(&self, profile: &Section, source: Value, way: &mut Way) -> Result<Found, Diagnostic> {
        let ctx = &self.ctx;
        // The roles found so far, to be assumed from the base back to `profile`.
        let mut roles: Vec<Section> = Vec::new();
        let mut source = source;
        let base = loop {
            let owner = roles.last().unwrap_or(profile);
            let (next, beside_role) = self.next_source(owner, &source, way)?;
            match self.of_source(&next, beside_role, way)? {
                Some(Answer::Found(found)) => break found,
                Some(Answer::NeedsSource(further)) => {
                    roles.push(next);
                    source = further;
                }
                _ => {
                    let code = if beside_role {
                        Code::SelfSourceWithoutCredentials
                    } else {
                        Code::SourceProfileWithoutCredentials
                    };
                    let message =
                        format!("the source_profile '{}' has no credentials", source.text);
                    return Err(ctx.blame(&source, code, message));
                }
            }
        };
        let mut found = base;
        for role in roles.iter().rev() {
            found = match assume_role::assume(ctx, role, found) {
                Answer::Found(found) => found,
                Answer::Fail(error) => return Err(error),
                Answer::Skip(why) => return Err(Diagnostic::new(Code::RoleWithoutSource, why)),
                Answer::NeedsSource(source) => return Err(self.too_long(&source)),
            };
        }
        Ok(found)
    }

    /// The section of a `source_profile`, and whether to ask it only for credentials other than its role.
    fn next_source(
        &self,
        owner: &Section,
        source: &Value,
        way: &mut Way,
    ) -> Result<(Section, bool), Diagnostic> {
        let ctx = &self.ctx;
        let name = &source.text;
        let Some(next) = ctx.profiles.profile(name) else {
            return Err(ctx.blame(
                source,
                Code::SourceProfileNotFound,
                format!("no file has the source_profile '{name}'"),
            ));
        };
        let seen = way.seen.contains(name);
        let own = *name == owner.name;
        let again = ctx.rules.role.again;
        let is_loop = match again {
            Again::LoopUnlessOwnKey => seen && !(own && assume_role::any_key(ctx, &next).is_some()),
            Again::LoopUnlessOwn => seen && !own,
            Again::LoopAfterSecond | Again::Loop => seen,
            Again::RoleCleared => false,
        };
        if is_loop {
            let mut names = way.seen.clone();
            names.push(name.clone());
            return Err(ctx.blame(
                source,
                Code::SourceProfileLoop,
                format!("the source_profile chain is a loop: {}", names.join(" → ")),
            ));
        }
        if !seen
            && let Some(check) = ctx.rules.check
            && let Some(error) = self.mistake(check(ctx.rules, &next, true))
        {
            return Err(error);
        }
        if ctx
            .rules
            .role
            .longest_chain
            .is_some_and(|most| way.seen.len() >= most)
        {
            return Err(self.too_long(source));
        }
        way.seen.push(name.clone());
        way.as_source = true;
        way.role_cleared = again == Again::RoleCleared && seen;
        Ok((next.into_owned(), again == Again::LoopUnlessOwn && own))
    }

    fn too_long(&self, source: &Value) -> Diagnostic {
        let message = format!(
            "the chain of source profiles is too long for {}",
            self.ctx.rules.title
        );
        self.ctx.blame(source, Code::RoleChainTooLong, message)
    }

    /// The first answer of a source profile; `None` if it has no credentials.
    fn of_source(
        &self,
        next: &Section,
        beside_role: bool,
        way: &Way,
    ) -> Result<Option<Answer>, Diagnostic> {
        let rules = self.ctx.rules;
        for &entry in rules.source {
            if beside_role && matches!(entry, Entry::Role | Entry::WholeKeys) {
                continue;
            }
            match self.provider(entry, Some(next), way) {
                Answer::Skip(_) => {}
                Answer::Fail(error)
                    if !beside_role
                        && entry == Entry::Sso
                        && rules.unforgiven_in_source.contains(&error.code) =>
                {
                    return Err(Diagnostic {
                        code: Code::SourceProfileWithoutCredentials,
                        ..error
                    });
                }
                Answer::Fail(error) => return Err(error),
                answer => return Ok(Some(answer)),
            }
        }
        Ok(None)
    }
}
