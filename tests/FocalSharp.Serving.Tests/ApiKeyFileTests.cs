namespace FocalSharp.Serving.Tests;

public sealed class ApiKeyFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("focalsharp-serving-").FullName;

    [Fact]
    public void A_file_contains_one_key_per_line() =>
        Assert.Equal(["first-key-0123456789", "second"], ApiKeyFile.Read(Write("# comment\n\n first-key-0123456789 \nsecond\n")));

    [Fact]
    public void The_key_of_the_environment_is_added()
    {
        Assert.Equal(["a", "b"], ApiKeyFile.Collect(Write("a\n"), " b "));
        Assert.Empty(ApiKeyFile.Collect(null, null));
    }

    [Fact]
    public void A_file_without_keys_is_an_error()
    {
        Assert.Contains("contains no API key", GetError(() => ApiKeyFile.Read(Write("# none\n"))), StringComparison.Ordinal);
        Assert.Contains("cannot be read", GetError(() => ApiKeyFile.Read(Path.Combine(_folder, "absent"))), StringComparison.Ordinal);
        Assert.Contains("set but empty", GetError(() => ApiKeyFile.Collect(null, "")), StringComparison.Ordinal);
        Assert.Contains("not a file of API keys", GetError(() => ApiKeyFile.Read(Write(new string('k', 100_000)))), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_others_can_read_is_recognized()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("files have no Unix mode");
            return;
        }

        string path = Write("0123456789abcdef");

        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Assert.False(ApiKeyFile.IsReadableByOthers(path));
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        Assert.True(ApiKeyFile.IsReadableByOthers(path));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string GetError(Action action) => Assert.ThrowsAny<FocalSharpException>(action).Message;

    private string Write(string text)
    {
        string path = Path.Combine(_folder, "keys");
        File.WriteAllText(path, text);
        return path;
    }
}
