namespace FocalSharp.Conventions.Tests.Words;

/// <summary>No banned word in names, comments, messages and documentation.</summary>
public sealed class WordTests
{
    private static readonly WordRules Rules = WordRules.Read(Path.Combine(AppContext.BaseDirectory, "banned-words.txt"));

    [Fact]
    public void No_file_uses_a_banned_word()
    {
        AllowedWords allowed = AllowedWords.Read(Path.Combine(AppContext.BaseDirectory, "allowed-words.txt"));
        List<Finding> findings =
        [
            .. from file in RepositoryFiles.All
               where RepositoryFiles.IsCSharp(file) || RepositoryFiles.IsText(file)
               from finding in WordGuard.Scan(Rules, file, RepositoryFiles.Read(file))
               where !allowed.Contains(finding)
               select finding,
        ];
        Report(findings);
        Assert.True(findings.Count == 0, $"{findings.Count} banned words (see tests/FocalSharp.Conventions.Tests/banned-words.txt):\n{string.Join('\n', findings)}");
        Assert.True(!allowed.Unused.Any(), $"remove from allowed-words.txt what no longer occurs:\n{string.Join('\n', allowed.Unused)}");
    }

    [Fact]
    public void The_scan_reads_the_whole_repository()
    {
        Assert.True(Rules.Count > 100);
        Assert.True(RepositoryFiles.All.Count(RepositoryFiles.IsCSharp) > 500);
        Assert.Contains("README.md", RepositoryFiles.All);
        Assert.Contains("docs/training.md", RepositoryFiles.All);
        Assert.Contains("src/FocalSharp.Explorer/wwwroot/pages/start.html", RepositoryFiles.All);
        Assert.DoesNotContain(RepositoryFiles.All, file => file.Contains("/obj/", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("class ImageJudge { }", "ImageJudge")]
    [InlineData("class A { int MendedFiles => 1; }", "MendedFiles")]
    [InlineData("class A { void F(int wishedSize) { } }", "wishedSize")]
    [InlineData("class A { void F() { foreach (var fault in new int[0]) { } } }", "fault")]
    [InlineData("class A { void F() { _ = int.TryParse(\"\", out int verdict); } }", "verdict")]
    [InlineData("namespace FocalSharp.Judging; class A;", "Judging")]
    [InlineData("// Judged later.\nclass A;", "Judged")]
    [InlineData("/// <summary>The fault.</summary>\nclass A;", "fault")]
    [InlineData("class A { string B => \"It is told.\"; }", "told")]
    [InlineData("class A { string B => $\"{1} was mended\"; }", "mended")]
    [InlineData("class A { string B => \"\"\"\n    It goes on.\n    \"\"\"; }", "goes on")]
    [InlineData("class A { System.ReadOnlySpan<byte> B => \"anew\"u8; }", "anew")]
    public void A_banned_word_is_found_in_code(string source, string word) =>
        Assert.Contains(WordGuard.Scan(Rules, "src/X/A.cs", source), finding => finding.Word == word);

    [Theory]
    [InlineData("class A { void F() { judge(); } }")]
    [InlineData("class Kinetic { int Skin; string B => \"temperature, default, shelter\"; }")]
    [InlineData("class A { string B => \"It tells you which edges are uncertain.\"; }")]
    public void Other_words_and_uses_are_not_findings(string source) => Assert.Empty(WordGuard.Scan(Rules, "src/X/A.cs", source));

    [Fact]
    public void Paths_and_documentation_are_read_with_their_lines()
    {
        Assert.Contains(WordGuard.Scan(Rules, "src/X/DataShelf.cs", ""), finding => finding is { Line: 0, Word: "DataShelf" });
        Assert.Contains(WordGuard.Scan(Rules, "src/X/Judging/A.cs", ""), finding => finding is { Line: 0, Word: "Judging" });
        Finding finding = Assert.Single(WordGuard.Scan(Rules, "docs/a.md", "# Title\n\nThe `KeptBytes` option."));
        Assert.Equal("docs/a.md:3: KeptBytes → MaxPooledBytes    The `KeptBytes` option.", finding.ToString());
    }

    [Theory]
    [InlineData("MaxBoxesPerImage", "max boxes per image")]
    [InlineData("_cocoAPSmall", "coco ap small")]
    [InlineData("JSON_reader2x", "json reader 2 x")]
    public void Names_are_split_into_words(string name, string expected) => Assert.Equal(expected, NameSplitter.Split(name));

    // FOCALSHARP_WORDS names a file that receives all findings.
    private static void Report(List<Finding> findings)
    {
        if (Environment.GetEnvironmentVariable("FOCALSHARP_WORDS") is { Length: > 0 } path)
        {
            File.WriteAllLines(path, findings.Select(finding => finding.ToString()));
        }
    }
}
