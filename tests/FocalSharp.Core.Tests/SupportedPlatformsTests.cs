namespace FocalSharp.Core.Tests;

public sealed class SupportedPlatformsTests
{
    [Theory]
    [InlineData("linux-musl-x64", "musl")]
    [InlineData("linux-musl-arm64", "glibc")]
    [InlineData("alpine.3.20-x64", "glibc")]
    [InlineData("osx-x64", "Apple silicon")]
    [InlineData("osx.13-x64", "Intel Macs")]
    public void A_platform_without_binaries_is_refused_with_one_sentence(string platform, string expected)
    {
        string problem = SupportedPlatforms.GetProblem(platform)!;

        Assert.Contains(expected, problem, StringComparison.Ordinal);
        Assert.Contains(platform, problem, StringComparison.Ordinal);
        Assert.EndsWith(".", problem, StringComparison.Ordinal);
        Assert.DoesNotContain(". ", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("linux-x64")]
    [InlineData("linux-arm64")]
    [InlineData("win-x64")]
    [InlineData("win-arm64")]
    [InlineData("osx-arm64")]
    [InlineData("ubuntu.24.04-x64")]
    public void Others_are_not(string platform) => Assert.Null(SupportedPlatforms.GetProblem(platform));

    [Fact]
    public void A_missing_c_library_or_function_is_no_error()
    {
        Assert.True(OptionalNativeCall.TryInvoke(() => { }));
        Assert.False(OptionalNativeCall.TryInvoke(() => throw new DllNotFoundException("libc")));
        Assert.False(OptionalNativeCall.TryInvoke(() => throw new EntryPointNotFoundException("mallopt")));
        Assert.Throws<InvalidOperationException>(() => OptionalNativeCall.TryInvoke(() => throw new InvalidOperationException("bug")));
    }
}
