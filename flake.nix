{
  description = "WhatsApp softphone for the terminal";
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";

  outputs = { self, nixpkgs }:
    let
      systems = [ "x86_64-linux" "aarch64-linux" "x86_64-darwin" "aarch64-darwin" ];
      each = f: nixpkgs.lib.genAttrs systems (system: f nixpkgs.legacyPackages.${system});
    in {
      packages = each (pkgs: {
        default = pkgs.buildGoModule {
          pname = "tring";
          version = self.shortRev or "dev";
          src = self;
          vendorHash = "sha256-77aaTqxNCWKCpcN9BYN39qUidR26bhyh1mo7UclS/wQ="; # written by make generate
          tags = [ "nolibopusfile" ];
          nativeBuildInputs = [ pkgs.pkg-config pkgs.installShellFiles ];
          buildInputs = [ pkgs.portaudio pkgs.libopus pkgs.speexdsp ]
            ++ pkgs.lib.optional pkgs.stdenv.isLinux pkgs.alsa-lib;
          doCheck = false; # the tests want sound servers and a browser: make test
          postInstall = ''
            installShellCompletion --cmd tring \
              --bash <($out/bin/tring completion bash) \
              --zsh <($out/bin/tring completion zsh) \
              --fish <($out/bin/tring completion fish)
            $out/bin/tring man > tring.1 && installManPage tring.1
          '';
        };
      });
      devShells = each (pkgs: {
        default = pkgs.mkShell {
          packages = [ pkgs.go pkgs.pkg-config pkgs.portaudio pkgs.libopus pkgs.speexdsp pkgs.tmux pkgs.espeak-ng ]
            ++ pkgs.lib.optional pkgs.stdenv.isLinux pkgs.alsa-lib;
          GOFLAGS = "-tags=nolibopusfile";
        };
      });
    };
}
