class Awsbadge < Formula
  desc "Active AWS profile, and how long its login lasts, in the shell prompt"
  homepage "@HOMEPAGE@"
  version "@VERSION@"
  license any_of: ["MIT", "Apache-2.0"]

@SOURCES@

  def install
    bin.install Dir["bin/*"]
    man1.install Dir["share/man/man1/*"]
    bash_completion.install "share/bash-completion/completions/awsbadge"
    zsh_completion.install "share/zsh/site-functions/_awsbadge"
    fish_completion.install "share/fish/vendor_completions.d/awsbadge.fish"
    doc.install Dir["share/doc/awsbadge/*"]
  end

  def caveats
    <<~EOS
      `awsbadge setup` prints the lines for your shell and prompt theme;
      `awsbadge setup --write` adds them to its start-up file.
    EOS
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/awsbadge --version")
    assert_match version.to_s, shell_output("#{bin}/awsbadge-sso --version")
  end
end
