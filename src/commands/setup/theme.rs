//! The prompt theme.

use crate::shells::Shell;

/// What draws the prompt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Theme {
    Plain,
    OhMyZsh,
    Powerlevel10k,
    Pure,
    Spaceship,
    Starship,
    OhMyPosh,
}

impl Theme {
    /// By the start-up file. The programs that take the whole prompt over come first, then what a framework can
    /// hold, then the framework. `p10k` says that its file is in the home.
    pub(super) fn find(shell: Shell, rc: &str, p10k: bool) -> Self {
        let code: Vec<&str> = rc
            .lines()
            .map(str::trim)
            .filter(|line| !line.starts_with('#'))
            .collect();
        let any = |words: &[&str]| {
            code.iter()
                .any(|line| words.iter().all(|word| line.contains(word)))
        };
        let of_zsh = || {
            if any(&["powerlevel10k"]) || any(&["p10k"]) {
                Self::Powerlevel10k
            } else if any(&["spaceship"]) {
                Self::Spaceship
            } else if any(&["prompt pure"]) || any(&["sindresorhus/pure"]) {
                Self::Pure
            } else if any(&["oh-my-zsh"]) || any(&["ZSH_THEME="]) {
                Self::OhMyZsh
            } else if p10k {
                Self::Powerlevel10k
            } else {
                Self::Plain
            }
        };
        match shell {
            _ if any(&["starship", "init"]) => Self::Starship,
            _ if any(&["oh-my-posh", "init"]) => Self::OhMyPosh,
            Shell::Zsh => of_zsh(),
            _ => Self::Plain,
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Plain => "no theme",
            Self::OhMyZsh => "oh-my-zsh",
            Self::Powerlevel10k => "powerlevel10k",
            Self::Pure => "pure",
            Self::Spaceship => "spaceship",
            Self::Starship => "starship",
            Self::OhMyPosh => "oh-my-posh",
        }
    }

    /// The recipe whose lines belong into the start-up file.
    pub(super) fn recipe(self, shell: Shell) -> Option<&'static str> {
        match self {
            Self::Starship if shell == Shell::Bash => {
                Some(include_str!("../../../shell/themes/starship.bash"))
            }
            Self::OhMyZsh => Some(include_str!("../../../shell/themes/oh-my-zsh.zsh")),
            Self::Pure => Some(include_str!("../../../shell/themes/pure.zsh")),
            Self::Spaceship => Some(include_str!("../../../shell/themes/spaceship.zsh")),
            Self::Plain | Self::Powerlevel10k | Self::Starship | Self::OhMyPosh => None,
        }
    }
}

/// A recipe without the comment at its head.
pub(super) fn body(recipe: &str) -> &str {
    recipe.split_once("\n\n").map_or(recipe, |(_, body)| body)
}
