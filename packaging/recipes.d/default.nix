# Written by packaging/recipes for the release of this version. To be called with callPackage.
{
  lib,
  stdenv,
  fetchurl,
  autoPatchelfHook,
}:

let
  releases = {
@SOURCES@
  };
  release =
    releases.${stdenv.hostPlatform.system}
      or (throw "awsbadge: there is no release for ${stdenv.hostPlatform.system}");
in
stdenv.mkDerivation {
  pname = "awsbadge";
  version = "@VERSION@";

  src = fetchurl { inherit (release) url hash; };

  # awsbadge is static, awsbadge-sso is not.
  nativeBuildInputs = lib.optionals stdenv.hostPlatform.isLinux [ autoPatchelfHook ];
  buildInputs = lib.optionals stdenv.hostPlatform.isLinux [ stdenv.cc.cc.lib ];
  dontStrip = true;

  installPhase = ''
    runHook preInstall
    mkdir -p $out
    cp -R bin share $out/
    runHook postInstall
  '';

  meta = {
    description = "Active AWS profile, and how long its login lasts, in the shell prompt";
    homepage = "@HOMEPAGE@";
    license = [
      lib.licenses.mit
      lib.licenses.asl20
    ];
    sourceProvenance = [ lib.sourceTypes.binaryNativeCode ];
    mainProgram = "awsbadge";
    platforms = lib.attrNames releases;
  };
}
