# awsbadge for zsh's plugin managers (docs/plugins.md): evaluates `awsbadge init zsh` with the options in
# AWSBADGE_INIT_OPTIONS, a string or an array that is set before. Without it, --prompt right: after the theme's prompt.

if [[ -o interactive ]]; then
  () {
    \builtin emulate -L zsh
    \builtin local awsbadge IFS=$' \t\n'
    \builtin local -a given
    # compinit finds _asp here, also if it runs later, or again. Most managers have added this directory already.
    if (( ! ${fpath[(Ie)$1]} )); then fpath+=("$1"); fi
    given=(${=AWSBADGE_INIT_OPTIONS---prompt right})
    for awsbadge in ${commands[awsbadge]-} ~/.cargo/bin/awsbadge ~/.local/bin/awsbadge; do
      if [[ -f $awsbadge && -x $awsbadge ]]; then
        \builtin eval "$(\builtin command $awsbadge init zsh $given)"
        \builtin return 0
      fi
    done
    \builtin print -ru2 -- "awsbadge: the program is missing; run \`cargo install --locked --path ${(q-)1}\`, then \`exec zsh\`"
  } "${${(%):-%x}:a:h}"
fi
