namespace FocalSharp.Serving.Tests;

public sealed class ApiKeyFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("focalsharp-serving-").FullName;

    [Fact]
    public void A_file_holds_a_key_a_line() =>
        Assert.Equal(["first-key-0123456789", "second"], ApiKeyFile.Read(Write("# comment\n\n first-key-0123456789 \nsecond\n")));

    [Fact]
    public void The_environments_key_joins_the_files()
    {
        Assert.Equal(["a", "b"], ApiKeyFile.Collect(Write("a\n"), " b "));
        Assert.Empty(ApiKeyFile.Collect(null, null));
    }

    [Fact]
    public void A_file_that_lets_nobody_in_is_an_error_and_not_an_open_door()
    {
        Assert.Contains("holds no API key", GetError(() => ApiKeyFile.Read(Write("# none\n"))), StringComparison.Ordinal);
        Assert.Contains("cannot be read", GetError(() => ApiKeyFile.Read(Path.Combine(_folder, "absent"))), StringComparison.Ordinal);
        Assert.Contains("set but empty", GetError(() => ApiKeyFile.Collect(null, "")), StringComparison.Ordinal);
        Assert.Contains("no file of API keys", GetError(() => ApiKeyFile.Read(Write(new string('k', 100_000)))), StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string GetError(Action action) => Assert.Throws<FocalSharpException>(action).Message;

    private string Write(string text)
    {
        string path = Path.Combine(_folder, "keys");
        File.WriteAllText(path, text);
        return path;
    }
}
