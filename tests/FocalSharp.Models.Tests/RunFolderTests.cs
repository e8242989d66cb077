

namespace FocalSharp.Models.Tests;

public sealed class RunFolderTests : IDisposable
{
    private readonly TemporaryFolder _temporary = new();

    [Fact]
    public void Takes_the_next_free_name()
    {
        string[] names = [.. Enumerable.Range(0, 3).Select(_ => RunFolder.CreateNext(_temporary.In("runs"), "demo").Name)];

        Assert.Equal(["demo", "demo-2", "demo-3"], names);
        Assert.All(names, name => Assert.Empty(Directory.GetFileSystemEntries(_temporary.In("runs", name)))); // the probe leaves nothing
    }

    [Theory]
    [InlineData("blood cells", "blood-cells")]
    [InlineData("a/../b:c", "a-..-b-c")]
    [InlineData("..", "run")]
    [InlineData("", "run")]
    public void A_name_can_not_leave_the_root(string name, string expected)
    {
        RunFolder run = RunFolder.CreateNext(_temporary.In("runs"), name);

        Assert.Equal(_temporary.In("runs", expected), run.Path);
    }

    [Fact]
    public void A_chosen_folder_is_made_with_its_parents_and_may_exist_empty()
    {
        Directory.CreateDirectory(_temporary.In("there"));

        Assert.Equal("there", RunFolder.Create(_temporary.In("there") + "/").Name);
        Assert.True(Directory.Exists(RunFolder.Create(_temporary.In("deep", "er")).Path));
    }

    [Theory]
    [InlineData("result.json")]
    [InlineData("best.safetensors")]
    [InlineData("metrics.csv")]
    public void Never_overwrites_a_run(string file)
    {
        File.WriteAllText(_temporary.In(file), "precious");

        FileException error = Assert.Throws<FileException>(() => RunFolder.Create(_temporary.Path));

        Assert.Contains(file, error.Message, StringComparison.Ordinal);
        Assert.Equal("precious", File.ReadAllText(_temporary.In(file)));
    }

    [Fact]
    public void A_file_in_the_way_is_reported()
    {
        File.WriteAllText(_temporary.In("file"), "x");

        Assert.Contains("is a file", Assert.Throws<FileException>(() => RunFolder.Create(_temporary.In("file"))).Message, StringComparison.Ordinal);
        Assert.Contains("cannot be written", Assert.ThrowsAny<FocalSharpException>(() => RunFolder.Create(_temporary.In("file", "below"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unwritable_place_is_reported_before_training()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "/proc is Linux's");

        FocalSharpException error = Assert.ThrowsAny<FocalSharpException>(() => RunFolder.Create("/proc/focalsharp/run"));

        Assert.Contains("/proc/focalsharp/run: cannot be written to", error.Message, StringComparison.Ordinal);
        Assert.Contains("Choose another folder", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Too_full_a_disk_is_reported_before_training()
    {
        FocalSharpException error = Assert.ThrowsAny<FocalSharpException>(() => RunFolder.Create(_temporary.In("big"), long.MaxValue));

        Assert.Contains("are needed", error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_temporary.In("big")));
    }

    [Fact]
    public void Finds_the_best_weights_then_the_last()
    {
        RunFolder run = RunFolder.Create(_temporary.In("run"));
        Assert.Contains("contains no weights", Assert.Throws<ModelException>(() => RunFolder.FindWeights(run.Path)).Message, StringComparison.Ordinal);

        File.WriteAllText(run.LastWeightsPath, "");
        Assert.Equal(run.LastWeightsPath, RunFolder.FindWeights(run.Path));

        File.WriteAllText(run.BestWeightsPath, "");
        Assert.Equal(run.BestWeightsPath, RunFolder.FindWeights(run.Path));
        Assert.Equal(run.LastWeightsPath, RunFolder.FindWeights(run.LastWeightsPath));
        Assert.Throws<ModelException>(() => RunFolder.FindWeights(_temporary.In("absent")));
    }

    [Fact]
    public void Opens_only_what_is_a_run()
    {
        Assert.Throws<FileException>(() => RunFolder.Open(_temporary.Path));
        Assert.Throws<FileException>(() => RunFolder.Open(_temporary.In("absent")));
        File.WriteAllText(_temporary.In("metrics.csv"), "");
        Assert.Equal(_temporary.Path, RunFolder.Open(_temporary.Path).Path);
    }

    public void Dispose() => _temporary.Dispose();
}
