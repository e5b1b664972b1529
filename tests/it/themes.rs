//! The recipes of `shell/themes`, each as it stands, in the real prompt it is for: the badge shows with its
//! colours, and whatever its text holds stands there as it is written.

use crate::support::{Home, Shell, Term, binary, expires_in, given, installed, unreachable};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use unicode_width::UnicodeWidthStr as _;

/// Texts that mean something to a shell, a prompt, tmux, a splitter of lines, a reader of options or a terminal.
/// The first goes before each badge of a first terminal, the second before those of a second one.
const HOSTILE: [&str; 2] = [
    r"$(touch canary)`touch canary`%n%F{red}%v%1v\u\n\e[31m\$(touch canary)\`touch canary\`\\$HOME",
    "--color=9#(touch canary)#[fg=red]#{pid},}%H·|·|·<red>!&;${x:=$(touch canary)}",
];

/// Every class: the profile that has it here, its badge with `{}` for the symbol, foreground and background.
const CLASSES: [(&str, &str, [&str; 2]); 5] = [
    ("dev", "{}dev 47m", ["32", ""]),
    ("soon", "{}soon 9m", ["30", "43"]),
    ("over", "{}over expired", ["31", ""]),
    ("my-prod", "!{}my-prod 47m", ["97", "41"]),
    ("odd", "{}odd ?", ["35", ""]),
];

/// A prompt that a recipe is for.
struct Host {
    /// The file in `shell/themes`.
    recipe: &'static str,
    /// The lines for the start-up file, where they are not in the recipe.
    lines: Option<&'static str>,
    shell: Shell,
    /// What stands before the recipe in the start-up file: the theme.
    before: String,
    /// What stands behind it: the end of the prompt, by which the tests see that it is drawn.
    after: &'static str,
    /// What is seen: the prompt with `{}` for the badge; `$` is the sign for a user or root.
    prompt: &'static str,
    /// What is seen at the right edge, likewise.
    right: &'static str,
    /// Whether bash shows root's sign for a `$` in the text.
    sign_for_dollar: bool,
    /// The colours of a host that has no background: all foreground.
    flat: bool,
    /// Whether a badge with a background has a blank of that colour at each side.
    boxed: bool,
}

impl Host {
    fn new(recipe: &'static str, shell: Shell) -> Self {
        let after = match shell {
            // Some themes set it at each prompt.
            Shell::Zsh => {
                "_mark() { [[ $PROMPT == *\"$_term_mark\" ]] || PROMPT+=$_term_mark }\nprecmd_functions+=(_mark)\n"
            }
            Shell::Bash => "PS1+=$_term_mark\n",
            Shell::Fish => "",
        };
        Self {
            recipe,
            lines: None,
            shell,
            before: String::new(),
            after,
            prompt: "{}> ",
            right: "",
            flat: false,
            boxed: false,
            sign_for_dollar: false,
        }
    }

    fn recipe(&self) -> String {
        std::fs::read_to_string(themes().join(self.recipe)).unwrap()
    }

    /// Opens the host twice, once for each hostile text, and goes through the classes in it.
    fn shows_every_badge_as_it_is(&self) {
        if !installed(&["tmux"]) || !installed(&[&self.shell.to_string()]) {
            return;
        }
        for hostile in HOSTILE {
            let home = home();
            let recipe = self.recipe();
            let lines = match self.lines {
                Some(lines) => {
                    home.file(
                        &format!(".config/{}", self.recipe),
                        format!("{TOP}{recipe}{END}"),
                    );
                    lines
                }
                None => &recipe,
            };
            let rc = format!("{}\n{lines}\n{}", self.before, self.after);
            let term = home
                .term(self.shell)
                .size(COLUMNS, 40)
                // The home lies within a repository, which themes would show.
                .env(
                    "GIT_CEILING_DIRECTORIES",
                    home.path().parent().unwrap().to_str().unwrap(),
                )
                .env("AWSBADGE_SYMBOL", hostile)
                .env("AWSBADGE_MAX_WIDTH", "200")
                .open(&rc);
            self.shows_nothing(&term);
            for (profile, said, colours) in CLASSES {
                term.type_line(&format!("export AWS_PROFILE={profile}"));
                let mut text = said.replace("{}", hostile);
                if self.sign_for_dollar {
                    text = text.replace('$', sign(""));
                }
                if self.boxed && !colours[1].is_empty() {
                    text.push(' ');
                }
                self.look(&term, &text, colours);
            }
            let unset = if self.shell == Shell::Fish {
                "set -e"
            } else {
                "unset"
            };
            term.type_line(&format!("{unset} AWS_PROFILE; clear"));
            self.shows_nothing(&term);
            assert_eq!(home.read("canary"), None, "{}: something ran", self.recipe);
        }
    }

    /// The prompt without a badge, and without what surrounds one, is all that there is.
    fn shows_nothing(&self, term: &Term<'_>) {
        let drawn = self.drawn(None);
        term.wait_until(&format!("{}: only {drawn:?}", self.recipe), |screen| {
            screen.trim() == drawn.trim()
        });
    }

    /// The prompt with the badge `text` is the end of the screen; the badge has its colours, and the cursor
    /// stands behind the prompt.
    fn look(&self, term: &Term<'_>, text: &str, [front, back]: [&str; 2]) {
        let drawn = self.drawn(Some(text));
        term.wait_until(&format!("{}: {drawn:?}", self.recipe), |screen| {
            screen.trim_end().ends_with(drawn.trim_end())
        });
        let wanted = match self.flat {
            true if front == "97" => ["31", ""],
            true if front == "30" => ["33", ""],
            _ => [front, back],
        };
        // tmux leaves out blanks at a line's end, coloured ones too.
        painted(term, text.trim_end(), wanted, self.recipe);
        let last = self.prompt(Some(text));
        let column = last.rsplit('\n').next().unwrap().width();
        term.wait_for_column(u16::try_from(column).unwrap(), self.recipe);
    }

    /// What the terminal shows of the prompt.
    fn drawn(&self, text: Option<&str>) -> String {
        let left = self.prompt(text);
        let right = fill(self.right, text);
        if right.is_empty() {
            // A screen's lines come without the blanks at their ends.
            let lines: Vec<&str> = left.lines().map(str::trim_end).collect();
            return lines.join("\n");
        }
        // zsh leaves the last column free.
        let edge = usize::from(COLUMNS) - usize::from(self.shell == Shell::Zsh);
        let room = edge - left.rsplit('\n').next().unwrap().width() - right.width();
        format!("{left}{}{right}", " ".repeat(room))
    }

    fn prompt(&self, text: Option<&str>) -> String {
        fill(self.prompt, text)
    }
}

const COLUMNS: u16 = 160;

/// `form` with `{}` as the badge and the blank that belongs to it, and `$` as the sign of who is asked.
fn fill(form: &str, text: Option<&str>) -> String {
    let form = form.replace('$', sign(form));
    match text {
        Some(text) => form.replace("{}", text),
        None => form.replace("{} ", "").replace(" {}", "").replace("{}", ""),
    }
}

/// `#` for root; for others what the shell has: bash says `$`, zsh `%`.
fn sign(form: &str) -> &'static str {
    let root = nix::unistd::geteuid().is_root();
    match (root, form.contains("$$")) {
        (true, _) => "#",
        (false, _) => "$",
    }
}

/// The last `text` on the screen has these colours, from its first letter to its last.
fn painted(term: &Term<'_>, text: &str, wanted: [&str; 2], recipe: &str) {
    let cells = cells(&term.coloured_screen());
    let shown: String = cells.iter().map(|cell| cell.letter).collect();
    let at = shown.rfind(text).unwrap();
    let first = shown[..at].chars().count();
    for cell in &cells[first..first + text.chars().count()] {
        let colours = [cell.front.as_str(), cell.back.as_str()];
        assert_eq!(colours, wanted, "{recipe}: {:?} of {text:?}", cell.letter);
    }
}

/// One letter on a terminal, and the SGR parameters of its colours; empty where it has none.
struct Cell {
    letter: char,
    front: String,
    back: String,
}

/// A coloured screen letter by letter. The sixteen colours are given by their own parameters, however they were
/// asked for.
fn cells(screen: &str) -> Vec<Cell> {
    let mut cells = Vec::new();
    let (mut front, mut back) = (String::new(), String::new());
    let mut rest = screen;
    while let Some(letter) = rest.chars().next() {
        if let Some(sequence) = rest.strip_prefix("\x1b[") {
            let end = sequence.find('m').unwrap();
            let mut numbers = sequence[..end].split(';');
            while let Some(number) = numbers.next() {
                match number {
                    "" | "0" => (front, back) = (String::new(), String::new()),
                    "39" => front = String::new(),
                    "49" => back = String::new(),
                    "38" | "48" => {
                        assert_eq!(numbers.next(), Some("5"), "a colour of the palette");
                        let colour: u16 = numbers.next().unwrap().parse().unwrap();
                        let base = match (colour, number) {
                            (0..8, "38") => 30,
                            (0..8, _) => 40,
                            (8..16, "38") => 82,
                            (8..16, _) => 92,
                            _ => 1000,
                        };
                        let place = if number == "38" {
                            &mut front
                        } else {
                            &mut back
                        };
                        *place = (base + colour).to_string();
                    }
                    _ if matches!(number.len(), 2)
                        && (number.starts_with('3') || number.starts_with('9')) =>
                    {
                        number.clone_into(&mut front);
                    }
                    _ if number.starts_with("10") || number.starts_with('4') => {
                        number.clone_into(&mut back)
                    }
                    _ => {}
                }
            }
            rest = &sequence[end + 1..];
        } else {
            cells.push(Cell {
                letter,
                front: front.clone(),
                back: back.clone(),
            });
            rest = &rest[letter.len_utf8()..];
        }
    }
    cells
}

/// A home with a profile of each class, and `awsbadge` on its path.
fn home() -> Home {
    let home = Home::new();
    let mut config = String::new();
    for (profile, ..) in CLASSES {
        config += &format!(
            "[profile {profile}]\nsso_session = {profile}\nsso_account_id = 111111111111\nsso_role_name = Admin\n\
             [sso-session {profile}]\nsso_region = eu-west-1\nsso_start_url = https://x.awsapps.com/start\n"
        );
    }
    home.config(&config)
        .token("dev", &expires_in(47 * 60 + 50))
        .token("soon", &expires_in(9 * 60 + 50))
        .token("over", &expires_in(-60))
        .token("my-prod", &expires_in(47 * 60 + 50))
        .token_json("odd", "{\"accessToken\"");
    std::os::unix::fs::symlink(binary(), home.path().join("bin/awsbadge")).unwrap();
    home
}

fn themes() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("shell/themes")
}

#[test]
fn plain_zsh() {
    let mut host = Host::new("plain.zsh", Shell::Zsh);
    host.prompt = "{} ~ $ ";
    host.shows_every_badge_as_it_is();
    host.recipe = "plain-subst.zsh";
    host.shows_every_badge_as_it_is();
}

#[test]
fn plain_bash() {
    if installed(&["bash"]) && Shell::Bash.version() < 400 {
        unreachable("plain.bash says that it needs bash 4");
        return;
    }
    let mut host = Host::new("plain.bash", Shell::Bash);
    host.prompt = "{} ~ $ ";
    host.shows_every_badge_as_it_is();
}

#[test]
fn plain_fish() {
    let mut host = Host::new("plain.fish", Shell::Fish);
    host.prompt = "> ";
    host.right = "{}";
    host.shows_every_badge_as_it_is();
}

#[test]
fn oh_my_zsh() {
    // What its themes do: both prompts are set while the theme is loaded, and refer to functions.
    let theme = "setopt prompt_subst\nfunction rest { print -r -- theirs }\n\
                 PROMPT='%1~ $(rest) > '\nRPROMPT='$(rest)'\n";
    let mut host = Host::new("oh-my-zsh.zsh", Shell::Zsh);
    host.before = theme.to_owned();
    host.prompt = "~ theirs > ";
    host.right = "{} theirs";
    host.shows_every_badge_as_it_is();
}

#[test]
fn pure() {
    let Some(folder) = package("pure-prompt@1.28.3") else {
        return;
    };
    let mut host = Host::new("pure.zsh", Shell::Zsh);
    // psvar[13] has pure show user and host to root.
    host.before =
        format!("fpath+=({folder})\nautoload -U promptinit\npromptinit\nprompt pure\npsvar[13]=\n");
    host.prompt = "~ {}\n❯ ";
    host.flat = true;
    host.shows_every_badge_as_it_is();
}

#[test]
fn spaceship() {
    let Some(folder) = package("spaceship-prompt@4.22.5") else {
        return;
    };
    let mut host = Host::new("spaceship.zsh", Shell::Zsh);
    // Without `user`, which is shown to root only, and `async`, a mark that shows for a moment.
    host.before = format!(
        "SPACESHIP_PROMPT_ORDER=(time dir host git aws gcloud exec_time line_sep char)\nsource {folder}/spaceship.zsh\n"
    );
    host.prompt = "~ {} \n➜ ";
    host.shows_every_badge_as_it_is();
}

/// The mark by a hook of the line editor, for a theme that makes its prompt of pieces.
const EDITOR_MARK: &str = "autoload -Uz add-zle-hook-widget\n\
    _mark() { print -nP $'\\e]2;ready %D{%s.%6.}\\a' }\nadd-zle-hook-widget line-init _mark\n";

/// powerlevel10k, where the tester has it, with its own configuration of a `style` and these elements at the left
/// and the right.
fn powerlevel10k_with(style: &str, left: &str, right: &str) -> Option<Host> {
    let theme = host_at("AWSBADGE_P10K", "powerlevel10k.zsh-theme")?;
    let config = theme
        .parent()
        .unwrap()
        .join(format!("config/p10k-{style}.zsh"));
    let quoted = |path: &Path| Shell::Zsh.quote(path.to_str().unwrap());
    let mut host = Host::new("powerlevel10k.zsh", Shell::Zsh);
    host.before = format!(
        "source {}\nsource {}\nPOWERLEVEL9K_LEFT_PROMPT_ELEMENTS=({left})\n\
         POWERLEVEL9K_RIGHT_PROMPT_ELEMENTS=({right})\nPOWERLEVEL9K_DIR_VISUAL_IDENTIFIER_EXPANSION=\n",
        quoted(&theme),
        quoted(&config)
    );
    host.after =
        Box::leak(format!("eval \"$(awsbadge init zsh)\"\n{EDITOR_MARK}").into_boxed_str());
    Some(host)
}

#[test]
fn powerlevel10k() {
    let Some(mut host) = powerlevel10k_with("lean", "dir awsbadge newline prompt_char", "") else {
        return;
    };
    host.boxed = true;
    host.prompt = "~ {}\n❯ ";
    host.shows_every_badge_as_it_is();
    let mut host = powerlevel10k_with("lean", "dir prompt_char", "awsbadge").unwrap();
    host.boxed = true;
    host.prompt = "~ ❯ ";
    host.right = "{}";
    host.shows_every_badge_as_it_is();
}

#[test]
fn powerlevel10k_beside_a_command() {
    let Some(host) = powerlevel10k_with("lean", "dir newline prompt_char", "awsbadge newline")
    else {
        return;
    };
    let home = home();
    let term = home
        .term(Shell::Zsh)
        .env("AWS_PROFILE", "my-prod")
        .open(&format!(
            "{}\n{}\nPOWERLEVEL9K_AWSBADGE_SHOW_ON_COMMAND='aws|terraform'\n{}",
            host.before,
            host.recipe(),
            host.after
        ));
    for command in ["aws s3 ls", "terraform plan"] {
        assert!(!term.screen().contains("!my-prod"), "{command}");
        term.type_text(command);
        term.wait_for("!aws:my-prod 47m");
        term.keys(&["C-u"]);
        term.wait_until("no badge", |screen| !screen.contains("!aws:my-prod"));
    }
}

#[test]
fn themes_of_oh_my_zsh() {
    let Some(start) = host_at("AWSBADGE_OMZ", "oh-my-zsh.sh") else {
        return;
    };
    let start = start.parent().unwrap().to_str().unwrap().to_owned();
    for (theme, prompt) in [
        ("robbyrussell", "➜  ~ "),
        // Without its status, which shows a flash to root.
        ("agnoster", " ~ \u{e0b0} "),
    ] {
        let mut host = Host::new("oh-my-zsh.zsh", Shell::Zsh);
        host.before = format!(
            "ZSH={}\nZSH_CACHE_DIR=$HOME/.cache\nZSH_COMPDUMP=$HOME/.zcompdump\nZSH_THEME={theme}\n\
             zstyle ':omz:update' mode disabled\nplugins=(git)\nDEFAULT_USER=$USERNAME\n\
             source $ZSH/oh-my-zsh.sh\nprompt_status() :\n",
            Shell::Zsh.quote(&start)
        );
        host.prompt = prompt;
        host.right = "{} ";
        host.shows_every_badge_as_it_is();
    }
}

/// A host that can't be installed by a package manager, where `variable` has the tester's path of its file `name`.
#[track_caller]
fn host_at(variable: &str, name: &str) -> Option<PathBuf> {
    let found = given(variable);
    if found.is_none() {
        unreachable(&format!("{variable} names no {name}"));
    }
    found
}

/// The directory of an npm package, quoted for zsh. It is installed under the build's own directory, once.
#[track_caller]
fn package(package: &str) -> Option<String> {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let name = package.split('@').next().unwrap();
    let prefix = Path::new(env!("CARGO_TARGET_TMPDIR")).join(package);
    let folder = prefix.join("node_modules").join(name);
    let _guard = ONE_AT_A_TIME.lock();
    if !folder.is_dir() {
        if !installed(&["npm"]) {
            return None;
        }
        // The tester's own environment: a registry or a proxy may be set in it.
        let done = Command::new("npm")
            .args([
                "install",
                "--no-save",
                "--no-audit",
                "--no-fund",
                "--ignore-scripts",
                "--loglevel=error",
            ])
            .arg("--prefix")
            .arg(&prefix)
            .arg(package)
            .output()
            .unwrap();
        if !done.status.success() {
            let _ = std::fs::remove_dir_all(&prefix);
            unreachable(&format!("npm can't install {package}"));
            return None;
        }
    }
    Some(Shell::Zsh.quote(folder.to_str().unwrap()))
}

/// starship's own default format; root would be shown as a user, and a container is.
const TOP: &str = "add_newline = false\n";
const END: &str = "[username]\ndisabled = true\n[container]\ndisabled = true\n";

#[test]
#[ignore = "tests/themes-real builds starship, which takes minutes"]
fn starship() {
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/themes/bin/starship");
    let cases = [
        (Shell::Zsh, "eval \"$(awsbadge init zsh --export)\"", ""),
        (
            Shell::Bash,
            include_str!("../../shell/themes/starship.bash"),
            "PROMPT_COMMAND+=('PS1+=$_term_mark')\n",
        ),
        (
            Shell::Fish,
            "awsbadge init fish --export | source",
            "functions -c fish_prompt _inner\nfunction fish_prompt\n_inner\n_term_mark\nend\n",
        ),
    ];
    for (shell, lines, after) in cases {
        let start = format!("{} init {shell}", shell.quote(program.to_str().unwrap()));
        let start = match shell {
            Shell::Fish => format!("{start} | source\n"),
            _ => format!("eval \"$({start})\"\n"),
        };
        let mut host = Host::new("starship.toml", shell);
        host.lines = Some(lines);
        host.prompt = "~ {} \n❯ ";
        host.sign_for_dollar = shell == Shell::Bash;
        if !after.is_empty() {
            host.after = after;
        }
        host.before = start.clone();
        host.shows_every_badge_as_it_is();
        // The other way round: first ours, then starship.
        if shell == Shell::Bash {
            continue;
        }
        let lines: &'static str = Box::leak(start.into_boxed_str());
        host.before = format!("{lines}\n");
        host.lines = Some(lines);
        host.shows_every_badge_as_it_is();
    }
}

#[test]
fn tmux_status_line() {
    for shell in Shell::installed().filter(|_| installed(&["tmux"])) {
        let home = home();
        let recipe = std::fs::read_to_string(themes().join("tmux.conf")).unwrap();
        // The inner shell's title is the outer terminal's, by which the tests see that a prompt is drawn.
        home.file(
            "tmux.conf",
            format!(
                "{recipe}\nset -g status-style default\nset -g status-right-length 200\nset -g default-terminal screen-256color\n\
                 set -g set-titles on\nset -g set-titles-string '#T'\n"
            ),
        );
        for (number, hostile) in HOSTILE.iter().enumerate() {
            let term = home
                .term(shell)
                .size(COLUMNS, 24)
                .env("AWSBADGE_SYMBOL", hostile)
                .env("AWSBADGE_MAX_WIDTH", "200")
                .open(&shell.rc("--export"));
            let socket = format!("awsbadge-inner-{}-{shell}-{number}", std::process::id());
            term.type_text(&format!(
                "exec env -u TMUX tmux -L {socket} -f tmux.conf new {shell}"
            ));
            term.keys(&["Enter"]);
            term.wait_until("the inner tmux and its shell", |screen| {
                screen.lines().any(|line| line == ">") && screen.contains("[0]")
            });
            for (profile, said, colours) in CLASSES {
                let text = said.replace("{}", hostile);
                term.type_line(&format!("export AWS_PROFILE={profile}"));
                term.wait_for(&text);
                painted(&term, &text, colours, &format!("tmux.conf in {shell}"));
            }
            term.type_text("exit");
            term.keys(&["Enter"]);
            term.wait_for_end();
            assert_eq!(
                home.read("canary"),
                None,
                "tmux.conf in {shell}: something ran"
            );
        }
    }
}
