//! Which way of logging in fits the surroundings. Pure.

use crate::idc::request::Flow;
use crate::library::Vars;

/// What the choice rests on.
pub(super) struct Surroundings<'a> {
    pub(super) vars: &'a Vars,
    /// Whether this is a container, by the files that it leaves.
    pub(super) container: bool,
    /// Whether something could show a page here.
    pub(super) opener: bool,
    /// Whether displays are named by variables, as on everything but macOS.
    pub(super) x11: bool,
    /// Whether a browser is named by setting or variable: it may need no display.
    pub(super) named_browser: bool,
}

impl Surroundings<'_> {
    /// Why a browser on this machine could not be seen, or could not come back to it.
    fn blind(&self) -> Option<&'static str> {
        let has = |names: &[&str]| names.iter().any(|name| self.vars.has(name));
        let display = !self.x11 || has(&["DISPLAY", "WAYLAND_DISPLAY"]);
        [
            (self.is_remote(), "this is a connection by SSH"),
            (has(&["WSL_DISTRO_NAME"]), "this is WSL"),
            (
                self.container || has(&["CODESPACES", "CLOUD_SHELL", "REMOTE_CONTAINERS"]),
                "this is a container or a cloud shell",
            ),
            (has(&["CI"]), "CI is set"),
            (!display && !self.named_browser, "there is no display"),
            (!self.opener, "nothing here opens a browser"),
        ]
        .into_iter()
        .find_map(|(holds, why)| holds.then_some(why))
    }

    /// Whether a page that opens here opens far from the user.
    pub(super) fn is_remote(&self) -> bool {
        let names = ["SSH_CONNECTION", "SSH_TTY", "SSH_CLIENT"];
        names.iter().any(|name| self.vars.has(name))
    }
}

/// The flow: what the command line says, else the settings, else what the surroundings allow.
pub(super) fn choose(
    asked: Option<Flow>,
    device_by_setting: bool,
    legacy: bool,
    around: &Surroundings<'_>,
) -> Flow {
    match asked {
        Some(flow) => flow,
        None if device_by_setting || legacy || around.blind().is_some() => Flow::Device,
        None => Flow::Pkce,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flow(pairs: &[(&str, &str)], change: impl Fn(&mut Surroundings<'_>)) -> Flow {
        let vars = Vars::from_iter(pairs.iter().copied());
        let mut around = Surroundings {
            vars: &vars,
            container: false,
            opener: true,
            x11: true,
            named_browser: false,
        };
        change(&mut around);
        choose(None, false, false, &around)
    }

    #[test]
    fn a_browser_that_can_be_seen_is_used() {
        let display = ("DISPLAY", ":0");
        for pairs in [&[display][..], &[("WAYLAND_DISPLAY", "w")]] {
            assert_eq!(flow(pairs, |_| {}), Flow::Pkce);
        }
        assert_eq!(flow(&[], |a| a.named_browser = true), Flow::Pkce);
        assert_eq!(flow(&[], |a| a.x11 = false), Flow::Pkce, "macOS");
        for name in [
            "SSH_CONNECTION",
            "SSH_TTY",
            "SSH_CLIENT",
            "WSL_DISTRO_NAME",
            "CODESPACES",
            "CLOUD_SHELL",
            "REMOTE_CONTAINERS",
            "CI",
        ] {
            let named = |a: &mut Surroundings<'_>| a.named_browser = true;
            assert_eq!(flow(&[display, (name, "1")], named), Flow::Device, "{name}");
            assert_eq!(
                flow(&[display, (name, "")], named),
                Flow::Pkce,
                "{name} empty"
            );
        }
        assert_eq!(flow(&[], |_| {}), Flow::Device, "no display");
        assert_eq!(flow(&[display], |a| a.container = true), Flow::Device);
        assert_eq!(flow(&[display], |a| a.opener = false), Flow::Device);
    }

    #[test]
    fn the_command_line_wins_over_settings_and_those_over_the_surroundings() {
        let vars = Vars::from_iter([("DISPLAY", ":0")]);
        let around = Surroundings {
            vars: &vars,
            container: false,
            opener: true,
            x11: true,
            named_browser: false,
        };
        let chosen = |asked, setting, legacy| choose(asked, setting, legacy, &around);
        assert_eq!(chosen(Some(Flow::Pkce), true, false), Flow::Pkce);
        assert_eq!(chosen(Some(Flow::Device), false, false), Flow::Device);
        assert_eq!(chosen(None, true, false), Flow::Device);
        assert_eq!(chosen(None, false, true), Flow::Device);
        assert_eq!(chosen(None, false, false), Flow::Pkce);
    }
}
