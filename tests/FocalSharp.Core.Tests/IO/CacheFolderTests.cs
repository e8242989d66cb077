using FocalSharp.IO;

namespace FocalSharp.Core.Tests.IO;

public sealed class CacheFolderTests
{
    [Theory]
    [InlineData(PlatformID.Unix, null, null, "/home/ada/.cache/focalsharp")]
    [InlineData(PlatformID.Unix, null, "/var/ada", "/var/ada/focalsharp")]
    [InlineData(PlatformID.Unix, null, "relative/is/invalid", "/home/ada/.cache/focalsharp")]
    [InlineData(PlatformID.Unix, null, "", "/home/ada/.cache/focalsharp")]
    [InlineData(PlatformID.Unix, "/models", "/var/ada", "/models")]
    [InlineData(PlatformID.MacOSX, null, "/var/ada", "/home/ada/Library/Caches/focalsharp")]
    [InlineData(PlatformID.Win32NT, null, "/var/ada", "/home/ada/focalsharp")]
    public void Each_system_has_its_place_and_the_variable_wins(PlatformID system, string? chosen, string? xdg, string expected)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the paths are written with slashes");

        string folder = CacheFolder.Locate(Variables(chosen, xdg), system, "/home/ada");

        Assert.Equal(expected, folder);
    }

    [Fact]
    public void A_user_without_a_home_gets_a_message_with_the_variable_to_set()
    {
        FileException error = Assert.Throws<FileException>(() => CacheFolder.Locate(Variables(null, null), PlatformID.Unix, ""));

        Assert.Contains("FOCALSHARP_CACHE", error.Message, StringComparison.Ordinal);
    }

    private static Func<string, string?> Variables(string? chosen, string? xdg) => name => name switch
    {
        "FOCALSHARP_CACHE" => chosen,
        "XDG_CACHE_HOME" => xdg,
        _ => null,
    };
}
