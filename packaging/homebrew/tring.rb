class Tring < Formula
  desc "WhatsApp softphone for the terminal"
  homepage "https://example.invalid/tring"
  url "https://example.invalid/tring/archive/refs/tags/v0.1.0.tar.gz"
  sha256 "0000000000000000000000000000000000000000000000000000000000000000" # set by the release
  license "GPL-3.0-or-later"

  depends_on "go" => :build
  depends_on "pkgconf" => :build
  depends_on "opus"
  depends_on "portaudio"
  depends_on "speexdsp"

  def install
    system "go", "build", *std_go_args(ldflags: "-s -w -X main.version=v#{version}", tags: "nolibopusfile")
    generate_completions_from_executable(bin/"tring", "completion")
    (man1/"tring.1").write Utils.safe_popen_read(bin/"tring", "man")
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/tring --version")
    pipe_output("#{bin}/tring demo --root #{testpath} --set sound.silent=true")
  end
end
