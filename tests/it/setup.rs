//! `setup`: the right file, the right lines, once, and out again without a trace.

use crate::support::{Home, Run, Shell, binary, installed};
use std::os::unix::fs::{PermissionsExt, symlink};

const BEGIN: &str = "# >>> awsbadge >>>";
const END: &str = "# <<< awsbadge <<<";

/// A home with `awsbadge` on its path, and a profile.
fn home() -> Home {
    let home = Home::new();
    home.config("[profile dev]\nregion = eu-west-1\n");
    symlink(binary(), home.path().join("bin/awsbadge")).unwrap();
    home
}

fn setup<'h>(home: &'h Home, shell: &str, option: &str) -> Run<'h> {
    home.run(["setup", "--shell", shell, option])
}

fn block(line: &str) -> String {
    format!("{BEGIN}\n{line}\n{END}\n")
}

fn text(home: &Home, path: &str) -> String {
    String::from_utf8(home.read(path).unwrap()).unwrap()
}

const PLAIN: &str = r#"eval "$(awsbadge init zsh --prompt left)""#;

/// What a `.zshrc` without a word of the completion system gets to hear.
const TAB: &str = "\nFor Tab, zsh's completion system has to run; if nothing else starts it, in ~/.zshrc:\n\n    \
                   autoload -Uz compinit && compinit\n";

#[test]
fn it_prints_the_lines_and_writes_nothing() {
    let home = home();
    home.file(".zshrc", "PROMPT='%# '\n");
    home.run(["setup"])
        .env("SHELL", "/usr/local/bin/zsh")
        .stdout(format!(
            "zsh with no theme\n\nAt the end of ~/.zshrc (`awsbadge setup --write` puts them there):\n\n    \
             {BEGIN}\n    {PLAIN}\n    {END}\n{TAB}"
        ))
        .check();
    assert_eq!(text(&home, ".zshrc"), "PROMPT='%# '\n");
}

#[test]
fn it_writes_once_keeps_a_copy_and_takes_its_lines_out_to_the_byte() {
    let cases = [
        ("zsh", ".zshrc", PLAIN),
        (
            "bash",
            ".bashrc",
            r#"eval "$(awsbadge init bash --prompt left)""#,
        ),
        (
            "fish",
            ".config/fish/config.fish",
            "awsbadge init fish --prompt left | source",
        ),
    ];
    for (shell, rc, line) in cases {
        for before in [
            "",
            "\n",
            "a=1\n",
            "a=1",
            "a=1\r\nb=2\r\n",
            "a=1\r\nb=2",
            "é\n\n\n",
            "#\n# >>> other >>>\n# <<< other <<<\n",
        ] {
            let home = home();
            // `a=1` is an error in fish. A bash without a file for login shells is another test.
            let before = &match shell {
                "fish" => before.replace('=', " ").replace("a ", "set a "),
                _ => before.to_owned(),
            };
            home.file(rc, before).file(".bash_profile", ". ~/.bashrc\n");
            let added: String = block(line)
                .lines()
                .map(|line| format!("+{line}\n"))
                .collect();
            setup(&home, shell, "--write")
                .stdout(format!(
                    "~/{rc}\n{added}{}",
                    if shell == "zsh" { TAB } else { "" }
                ))
                .stderr(format!(
                    "awsbadge: updated ~/{rc} (backup: ~/{rc}.awsbadge-backup). Run `exec {shell}` to load it now\n"
                ))
                .check();
            let written = text(&home, rc);
            let newline = if before.is_empty() || before.ends_with('\n') {
                ""
            } else {
                "\n"
            };
            assert_eq!(
                written.trim_end(),
                format!("{before}{newline}{}", block(line)).trim_end(),
                "{before:?}"
            );
            assert_eq!(&text(&home, &format!("{rc}.awsbadge-backup")), before);

            setup(&home, shell, "--write")
                .stderr(format!(
                    "awsbadge: ~/{rc} is up to date; nothing was changed\n"
                ))
                .check();
            assert_eq!(text(&home, rc), written);

            let gone = added.replace('+', "-");
            setup(&home, shell, "--remove")
                .stdout(format!("~/{rc}\n{gone}"))
                .stderr(format!("awsbadge: wrote ~/{rc}, without its lines\n"))
                .check();
            assert_eq!(&text(&home, rc), before, "{shell}: {before:?}");
            setup(&home, shell, "--remove")
                .stderr(format!(
                    "awsbadge: ~/{rc} has no lines of `awsbadge setup`; nothing was changed\n"
                ))
                .check();
        }
    }
}

#[test]
fn a_file_that_is_not_there_is_made_without_a_copy() {
    let home = home();
    let out = setup(&home, "fish", "--write").output();
    assert_eq!(out.code, 0, "{}", out.stderr);
    assert_eq!(
        text(&home, ".config/fish/config.fish"),
        block("awsbadge init fish --prompt left | source")
    );
    assert_eq!(home.read(".config/fish/config.fish.awsbadge-backup"), None);
}

#[test]
fn older_lines_are_replaced_where_they_stand_and_the_first_copy_stays() {
    let home = home();
    let old = block("eval \"$(awsbadge init zsh)\"");
    home.file(".zshrc", format!("a\n{old}b\n"))
        .file(".zshrc.awsbadge-backup", "first");
    setup(&home, "zsh", "--write")
        .stdout(format!(
            "~/.zshrc\n-{BEGIN}\n-eval \"$(awsbadge init zsh)\"\n-{END}\n+{BEGIN}\n+{PLAIN}\n+{END}\n"
        ))
        .stderr("awsbadge: updated ~/.zshrc. Run `exec zsh` to load it now\n")
        .check();
    assert_eq!(text(&home, ".zshrc"), format!("a\n{}b\n", block(PLAIN)));
    assert_eq!(text(&home, ".zshrc.awsbadge-backup"), "first");
    // An editor may have written other line ends.
    home.file(".zshrc", format!("a\r\n{}b\r\n", old.replace('\n', "\r\n")));
    setup(&home, "zsh", "--remove").output();
    assert_eq!(text(&home, ".zshrc"), "a\r\nb\r\n");
}

#[test]
fn the_file_may_lie_elsewhere() {
    let home = home();
    let directory = home.path().join("set up/$(touch canary)");
    let path = directory.to_str().unwrap();
    home.file("set up/$(touch canary)/.zshrc", "")
        .file("set up/$(touch canary)/fish/config.fish", "");
    for (shell, variable, file) in [
        ("zsh", "ZDOTDIR", ".zshrc"),
        ("fish", "XDG_CONFIG_HOME", "fish/config.fish"),
    ] {
        let out = setup(&home, shell, "--write").env(variable, path).output();
        assert_eq!(out.code, 0, "{}", out.stderr);
        assert!(text(&home, &format!("set up/$(touch canary)/{file}")).contains(BEGIN));
        assert!(
            out.stderr
                .contains(&format!("~/set up/$(touch canary)/{file}")),
            "{}",
            out.stderr
        );
    }
}

#[test]
fn a_symlink_stays_and_the_mode_is_kept() {
    let home = home();
    home.file("dotfiles/zshrc", "a\n");
    let file = home.path().join("dotfiles/zshrc");
    std::fs::set_permissions(&file, PermissionsExt::from_mode(0o640)).unwrap();
    symlink("dotfiles/zshrc", home.path().join(".zshrc")).unwrap();
    setup(&home, "zsh", "--write").output();
    assert_eq!(
        text(&home, "dotfiles/zshrc"),
        format!("a\n{}", block(PLAIN))
    );
    assert!(home.path().join(".zshrc").is_symlink());
    for path in [&file, &home.path().join(".zshrc.awsbadge-backup")] {
        assert_eq!(
            path.metadata().unwrap().permissions().mode() & 0o7777,
            0o640,
            "{path:?}"
        );
    }
}

#[test]
fn what_can_not_be_written_is_named_and_left_alone() {
    type Make = fn(&Home);
    #[rustfmt::skip]
    let cases: [(&str, Make, &str); 8] = [
        ("a folder", |home| std::fs::create_dir(home.path().join(".zshrc")).unwrap(), ": not a regular file"),
        ("a FIFO", |home| home.tool("mkfifo").args([".zshrc"]).check(), ": not a regular file"),
        ("bytes", |home| { home.file(".zshrc", b"a\nb\n\xff\n"); }, ":3: not UTF-8"),
        ("a second block", |home| { home.file(".zshrc", block("a").repeat(2)); }, ":4: awsbadge's lines begin a second time"),
        ("no end", |home| { home.file(".zshrc", format!("a\n{BEGIN}\n")); }, ":2: awsbadge's lines begin and do not end"),
        ("no beginning", |home| { home.file(".zshrc", format!("{END}\n")); }, ":1: awsbadge's lines end and did not begin"),
        ("a continued line", |home| { home.file(".zshrc", "a \\\n"); }, ": its last line is continued by a backslash"),
        (
            "read-only",
            |home| {
                home.file(".zshrc", "a\n");
                std::fs::set_permissions(
                    home.path().join(".zshrc"),
                    PermissionsExt::from_mode(0o444),
                )
                .unwrap();
            },
            ": it is read-only",
        ),
    ];
    for (what, make, message) in cases {
        let home = home();
        make(&home);
        let rc = home.path().join(".zshrc");
        let before = if rc.is_file() {
            home.read(".zshrc")
        } else {
            None
        };
        setup(&home, "zsh", "--write")
            .stderr(format!(
                "error: $HOME/.zshrc{message}\n\
                 hint: nothing was changed; run `awsbadge setup` to print the lines, and add them yourself\n"
            ))
            .code(4)
            .check();
        if before.is_some() {
            assert_eq!(home.read(".zshrc"), before, "{what}");
        }
        assert_eq!(home.read(".zshrc.awsbadge-backup"), None, "{what}");
    }
}

#[test]
fn a_shell_that_is_not_known_is_asked_for() {
    let home = home();
    for shell in ["", "/bin/tcsh", "/bin/\u{1b}[31m"] {
        let out = home.run(["setup", "--write"]).env("SHELL", shell).output();
        assert_eq!((out.code, out.stdout.as_str()), (2, ""), "{shell:?}");
        assert!(
            out.stderr.contains("--shell zsh") && !out.stderr.contains('\u{1b}'),
            "{}",
            out.stderr
        );
    }
    // The variable is only a default.
    let out = home
        .run(["setup", "--shell", "bash"])
        .env("SHELL", "/bin/zsh")
        .output();
    assert!(
        out.stdout.starts_with("bash with no theme\n"),
        "{}",
        out.stdout
    );
}

#[test]
fn a_line_of_the_users_own_is_enough() {
    for (shell, rc, line) in [
        ("zsh", ".zshrc", PLAIN),
        ("zsh", ".zshrc", "source ~/.awsbadge.zsh"),
        (
            "bash",
            ".bashrc",
            "[ -r ~/.awsbadge.bash ] && . ~/.awsbadge.bash",
        ),
        (
            "fish",
            ".config/fish/config.fish",
            "source ~/.awsbadge.fish",
        ),
    ] {
        let home = home();
        let before = format!("# awsbadge init {shell}\n\n{line}\n");
        home.file(rc, &*before)
            .file(".bash_profile", ". ~/.bashrc\n");
        setup(&home, shell, "--write")
            .stderr(format!(
                "awsbadge: ~/{rc}:3 loads awsbadge already; nothing was changed\n"
            ))
            .check();
        assert_eq!(text(&home, rc), before);
        // `doctor` agrees.
        let doctor = home
            .run(["doctor"])
            .env("SHELL", format!("/bin/{shell}"))
            .output();
        assert!(
            !doctor.stdout.contains("hook-not-loaded"),
            "{line}: {}",
            doctor.stdout
        );
    }
}

#[test]
fn a_program_that_is_not_on_the_path_is_called_by_its_own() {
    let home = home();
    home.file("my bin/$(touch canary)/awsbadge", "")
        .remove("my bin/$(touch canary)/awsbadge");
    let program = home.path().join("my bin/$(touch canary)/awsbadge");
    symlink(binary(), &program).unwrap();
    for shell in Shell::installed() {
        let script = format!(
            "{} setup --shell {shell} --write",
            shell.quote(program.to_str().unwrap())
        );
        let out = home.script(shell, &script).output();
        assert_eq!(out.code, 0, "{}", out.stderr);
        let rc = match shell {
            Shell::Zsh => ".zshrc",
            Shell::Bash => ".bashrc",
            Shell::Fish => ".config/fish/config.fish",
        };
        // The file does what it should: the function is there.
        let script = format!("{}\ntype asp", text(&home, rc));
        home.file("script", script);
        let out = home
            .tool(&shell.to_string())
            .args(["-i", "script"])
            .output();
        assert_eq!(out.code, 0, "{shell}: {}{}", out.stdout, out.stderr);
        assert_eq!(home.read("canary"), None, "{shell}");
    }
}

#[test]
fn the_theme_is_found_and_its_own_file_only_spoken_of() {
    // Shell, start-up file, what is said first, what the block must hold, what is printed for another file.
    #[rustfmt::skip]
    let cases = [
        ("zsh", "eval \"$(starship init zsh)\"\n", "zsh with starship", "init zsh --export", "[env_var.AWSBADGE_OK]"),
        ("bash", "eval \"$(starship init bash)\"\n", "bash with starship", "init bash --export", "bright-white bg:red"),
        ("fish", "starship init fish | source\n", "fish with starship", "init fish --export | source", "~/.config/starship.toml"),
        ("bash", "eval \"$(oh-my-posh init bash --config x.json)\"\n", "bash with oh-my-posh", "--export", "POSH_AWSBADGE_CLASS"),
        ("zsh", "source ~/powerlevel10k/powerlevel10k.zsh-theme\n", "zsh with powerlevel10k", "init zsh)", "p10k segment"),
        ("zsh", "ZSH_THEME=\"powerlevel10k/powerlevel10k\"\nsource $ZSH/oh-my-zsh.sh\n", "zsh with powerlevel10k", "init zsh)", "~/.p10k.zsh"),
        ("zsh", "ZSH_THEME=spaceship\nsource $ZSH/oh-my-zsh.sh\n", "zsh with spaceship", "spaceship add awsbadge", ""),
        ("zsh", "autoload -U promptinit; promptinit\nprompt pure\n", "zsh with pure", "psvar[23]", ""),
        ("zsh", "prompt pure\nprompt_pure_precustom() {\n  :\n}\n", "zsh with pure", "init zsh)", "~/.zshrc:2 has a prompt_pure_precustom"),
        ("zsh", "ZSH_THEME=robbyrussell\nplugins=(git)\nsource $ZSH/oh-my-zsh.sh\n", "zsh with oh-my-zsh", "--prompt right --omz", ""),
        ("zsh", "plugins=(\n  git # mine\n  aws\n)\nsource $ZSH/oh-my-zsh.sh\n", "zsh with oh-my-zsh", "--omz", "take `aws` out of plugins"),
        (
            "zsh",
            "plugins=(aws)\nsource $ZSH/oh-my-zsh.sh\nsource ~/p/powerlevel10k.zsh-theme\n",
            "zsh with powerlevel10k",
            "init zsh)",
            "take `aws` out of plugins",
        ),
        ("zsh", "# eval \"$(starship init zsh)\"\n", "zsh with no theme", "--prompt left", "    autoload -Uz compinit && compinit\n"),
        ("zsh", "autoload -Uz compinit\ncompinit -u\n", "zsh with no theme", "--prompt left", ""),
    ];
    for (shell, rc, first, block_part, rest_part) in cases {
        let home = home();
        let path = match shell {
            "zsh" => ".zshrc",
            "bash" => ".bashrc",
            _ => ".config/fish/config.fish",
        };
        home.file(path, rc);
        let out = home.run(["setup", "--shell", shell]).output();
        assert_eq!((out.code, out.stderr.as_str()), (0, ""), "{rc}");
        let (block, rest) = out.stdout.split_once(END).unwrap();
        assert!(block.starts_with(&format!("{first}\n")), "{rc}\n{block}");
        assert!(block.contains(block_part), "{rc}\n{block}");
        assert!(rest.contains(rest_part), "{rc}\n{rest}");
        assert_eq!(rest.trim().is_empty(), rest_part.is_empty(), "{rc}\n{rest}");
        assert_eq!(home.read(".config/starship.toml"), None, "{rc}");
    }
}

#[test]
fn what_a_plugin_manager_loads_is_not_added() {
    let fish = include_str!("../../conf.d/awsbadge.fish");
    let bash = include_str!("../../shell/plugins/awsbadge.plugin.bash");
    for (shell, file, lines, place) in [
        ("zsh", ".zshrc", "plugins=(\n  git\n  awsbadge\n)\n", ":3"),
        (
            "zsh",
            ".zshrc",
            "zinit ice wait lucid\nzinit light OWNER/awsbadge\n",
            ":2",
        ),
        (
            "zsh",
            ".zshrc",
            "antigen bundles <<END\n  git\n  OWNER/awsbadge\nEND\n",
            ":3",
        ),
        ("zsh", ".zsh_plugins.txt", "OWNER/awsbadge\n", ":1"),
        (
            "zsh",
            ".zpreztorc",
            "zstyle ':prezto:load' pmodule \\\n  'git' \\\n  'awsbadge'\n",
            ":3",
        ),
        (
            "zsh",
            ".config/sheldon/plugins.toml",
            "[plugins.awsbadge]\n",
            ":1",
        ),
        ("bash", ".bashrc", "plugins=(git awsbadge)\n", ":1"),
        (
            "bash",
            ".bash_it/enabled/250---awsbadge.plugin.bash",
            bash,
            "",
        ),
        ("bash", ".bash_it/custom/awsbadge.plugin.bash", bash, ""),
        ("fish", ".config/fish/conf.d/awsbadge.fish", fish, ""),
    ] {
        let home = home();
        home.file(file, lines)
            .file(".bash_profile", ". ~/.bashrc\n");
        let out = setup(&home, shell, "--write").output();
        let start = format!("awsbadge: ~/{file}{place}");
        assert!(out.stderr.starts_with(&start), "{file}: {}", out.stderr);
        let end = " loads awsbadge already; nothing was changed\n";
        assert!(out.stderr.ends_with(end), "{file}: {}", out.stderr);
        assert_eq!(text(&home, file), lines);
        let doctor = home
            .run(["doctor"])
            .env("SHELL", format!("/bin/{shell}"))
            .output();
        assert!(
            !doctor.stdout.contains("loads the badge"),
            "{file}: {}",
            doctor.stdout
        );

        // Without our name in it, it is somebody else's.
        let home = self::home();
        home.file(file, lines.replace("awsbadge", "other"));
        let doctor = home
            .run(["doctor"])
            .env("SHELL", format!("/bin/{shell}"))
            .output();
        assert!(
            doctor.stdout.contains("loads the badge"),
            "{file}: {}",
            doctor.stdout
        );
    }
}

#[test]
fn what_a_theme_file_says_already_is_not_said_again() {
    let home = home();
    home.file(".zshrc", "eval \"$(starship init zsh)\"\n")
        .file(".config/starship.toml", "[env_var.AWSBADGE_OK]\n");
    let out = home.run(["setup", "--shell", "zsh"]).output();
    assert!(
        out.stdout.ends_with(&format!("    {END}\n")),
        "{}",
        out.stdout
    );

    let home = self::home();
    home.file(".p10k.zsh", "");
    let out = home.run(["setup", "--shell", "zsh"]).output();
    assert!(
        out.stdout.starts_with("zsh with powerlevel10k\n"),
        "{}",
        out.stdout
    );
    home.file(".p10k.zsh", "function prompt_awsbadge() {}\n");
    let out = home.run(["setup", "--shell", "zsh"]).output();
    assert!(
        out.stdout.ends_with(&format!("    {END}\n")),
        "{}",
        out.stdout
    );
}

#[test]
fn tmux_gets_its_lines_and_then_the_exported_variables() {
    let home = home();
    home.file(".tmux.conf", "set -g mouse on\n");
    let out = home.run(["setup", "--shell", "bash"]).output();
    assert!(
        out.stdout.contains("these lines in ~/.tmux.conf"),
        "{}",
        out.stdout
    );
    assert!(!out.stdout.contains("--export"), "{}", out.stdout);
    home.file(".tmux.conf", "set -g status-right '#{E:@awsbadge_line}'\n");
    let out = home.run(["setup", "--shell", "bash"]).output();
    assert!(
        out.stdout
            .contains("awsbadge init bash --export --prompt left"),
        "{}",
        out.stdout
    );
}

#[test]
fn login_shells_of_bash_that_read_another_file_are_spoken_of() {
    let home = home();
    home.file(".bash_profile", "PATH=$PATH:~/bin\n");
    let out = home.run(["setup", "--shell", "bash"]).output();
    assert!(
        out.stdout
            .contains("Login shells read ~/.bash_profile instead"),
        "{}",
        out.stdout
    );
    home.file(".bash_profile", "[ -f ~/.bashrc ] && . ~/.bashrc\n");
    let out = home.run(["setup", "--shell", "bash"]).output();
    assert!(!out.stdout.contains("Login shells"), "{}", out.stdout);
    // Without any of these files a login shell reads nothing.
    let home = self::home();
    let out = home.run(["setup", "--shell", "bash"]).output();
    assert!(
        out.stdout.ends_with(
            "In a new file ~/.bash_profile:\n\n    case $- in *i*) . ~/.bashrc ;; esac\n"
        ),
        "{}",
        out.stdout
    );
}

#[test]
fn lines_that_the_shell_would_not_reach_are_not_written() {
    const OPEN: &str = "can't read it to its end, perhaps because a quote is open";
    const TEXT: &str = "it ends in a here-document, which has no last line";
    // Shell, start-up file, the reason, if there is one.
    #[rustfmt::skip]
    let cases = [
        ("bash", "cat <<EOF\nhello\n", TEXT),
        ("zsh", "cat <<-'E O F'\nhello\n", TEXT),
        ("bash", "cat <<EOF\nhello\nEOF\n", ""),
        ("zsh", "a='it is\nopen\n", OPEN),
        ("bash", "a=\"it is\n", OPEN),
        ("fish", "set a 'it is\n", OPEN),
        ("zsh", "# it's\na=1 # \"\n", ""),
        ("bash", "if true; then\n", OPEN),
        ("fish", "if true\n  set a 1\n", OPEN),
        ("bash", "shopt -s extglob\nls !(a)\n", ""),
        ("bash", "a=1\nreturn\nb=2\n", "line 2 (`return`) ends it before the new lines"),
        ("fish", "return\n", "line 1 (`return`) ends it before the new lines"),
        ("zsh", "  exec fish -l\n", "line 1 (`exec fish -l`) ends it before the new lines"),
        ("zsh", "exit 0;\n", "line 1 (`exit 0;`) ends it before the new lines"),
        ("bash", "case $- in *i*) ;; *) return ;; esac\n", ""),
        ("bash", "case $- in\n  *i*) ;;\n  *)\nreturn\n;;\nesac\n", ""),
        ("bash", "[ -z \"$PS1\" ] && return\n", ""),
        ("zsh", "f() {\n  return 1\n}\nexec 3>/dev/null\n", ""),
        ("zsh", "cat <<EOF\nreturn\nEOF\n", ""),
        ("fish", "function f\n  return\nend\n", ""),
    ];
    for (shell, before, reason) in cases {
        if !installed(&[shell]) {
            continue;
        }
        let home = home();
        let rc = match shell {
            "zsh" => ".zshrc",
            "bash" => ".bashrc",
            _ => ".config/fish/config.fish",
        };
        home.file(rc, before);
        let told = home.run(["setup", "--shell", shell]).output().stdout;
        let out = setup(&home, shell, "--write").output();
        if reason.is_empty() {
            assert_eq!(out.code, 0, "{before}{}", out.stderr);
            assert!(text(&home, rc).starts_with(before), "{before}");
            assert!(!told.contains("But first"), "{before}{told}");
            // With the block there, what follows it does not matter.
            home.file(rc, format!("{}return\n", text(&home, rc)));
            let out = setup(&home, shell, "--write").output();
            assert!(out.stderr.contains("is up to date"), "{}", out.stderr);
        } else {
            assert_eq!(out.code, 4, "{before}");
            assert!(out.stderr.contains(reason), "{before}{}", out.stderr);
            assert!(
                told.contains(&format!("But first change ~/{rc}: ")) && told.contains(reason),
                "{before}{told}"
            );
            assert_eq!(text(&home, rc), before);
            assert_eq!(home.read(&format!("{rc}.awsbadge-backup")), None);
        }
    }
}

#[test]
fn a_line_in_a_here_document_loads_nothing() {
    if !installed(&["bash"]) {
        return;
    }
    let home = home();
    let line = "eval \"$(awsbadge init bash)\"\n";
    home.file(".bashrc", format!("cat <<EOF\n{line}EOF\n"));
    let out = setup(&home, "bash", "--write").output();
    assert!(out.stderr.contains("updated ~/.bashrc"), "{}", out.stderr);
    home.file(".bashrc", format!("cat <<EOF\nEOF\n{line}"));
    let out = setup(&home, "bash", "--write").output();
    assert!(
        out.stderr.contains("~/.bashrc:3 loads awsbadge already"),
        "{}",
        out.stderr
    );
}
