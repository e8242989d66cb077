using System.Diagnostics;
using FocalSharp.Checkpoints;
using FocalSharp.Cli.Tests.Support;
using FocalSharp.Models;
using FocalSharp.Synthetic;
using FocalSharp.Torch.Native;

namespace FocalSharp.Cli.Tests;

/// <summary>
/// Tests full disks and read-only folders. A process is started with a limit on the size of files (<c>ulimit -f</c>, its signal ignored):
/// small files are written, and a larger file fails in the middle of a write, as on a full disk. Folders below /proc are read-only even for
/// root.
/// </summary>
public sealed class FullDiskTests : IDisposable
{
    private const string ReadOnly = "/proc/focalsharp";

    private readonly DatasetSample _sample = new();

    public void Dispose() => _sample.Dispose();

    [Fact]
    [Trait(TestCategories.Trait, TestCategories.Slow)]
    public async Task A_full_disk_during_training_is_one_clear_error_and_the_run_resumes_to_the_same_weights()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "ulimit is Unix's");
        LibTorch.EnsureLoaded();
        DemoDataset.Create(_sample.PathOf("scenes"), new DemoOptions { TrainImages = 12, ValImages = 2 });
        (int code, string output) = await RunAsync("", Train("whole"));
        Assert.True(code == 0, output);

        // 80 KB: settings, manifest and metrics fit; checkpoints and weights do not.
        (code, output) = await RunAsync("trap '' XFSZ; ulimit -f 160; ", Train("broken"));

        Assert.True(code == ExitCodes.UserError, output);
        Assert.Contains("cannot be written", output, StringComparison.Ordinal);
        Assert.Contains("could not be saved", output, StringComparison.Ordinal);
        Assert.Contains("--resume", output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_sample.PathOf("broken"), "*.tmp", SearchOption.AllDirectories));
        Assert.False(File.Exists(_sample.PathOf("broken", "last.safetensors"))); // no incomplete file

        (code, output) = await RunAsync("", ["train", "--resume", _sample.PathOf("broken")]);
        Assert.True(code == 0, output);
        Assert.Equal(Weights("whole"), Weights("broken"));
    }

    [Fact]
    public async Task A_full_disk_leaves_the_existing_json_file_unchanged()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "ulimit is Unix's");
        string target = _sample.Write("old.json", "existing content");
        string set = _sample.Yolo(string.Concat(Enumerable.Repeat("0 0.5 0.5 0.5 0.5\n", 5000)));

        (int code, string output) = await RunAsync("trap '' XFSZ; ulimit -f 64; ", ["data", "check", set, "--fast", "--all", "--json", target]);

        Assert.True(code == ExitCodes.UserError, output);
        Assert.Contains("cannot be written", output, StringComparison.Ordinal);
        Assert.Equal("existing content", File.ReadAllText(target));
        Assert.Empty(Directory.GetFiles(_sample.Path, "*.tmp"));
    }

    [Theory]
    [InlineData("train", "SET", "--epochs", "1", "--out", ReadOnly + "/run")]
    [InlineData("convert", "SET", "--to", "coco", "--out", ReadOnly + "/set")]
    [InlineData("data", "check", "SET", "--json", ReadOnly + "/findings.json")]
    public async Task A_read_only_folder_is_one_clear_error(params string[] words)
    {
        Assert.SkipUnless(Directory.Exists("/proc/self"), "there is no /proc here");
        string set = _sample.Yolo();
        File.WriteAllText(Path.Combine(set, "labels", "val", "b.txt"), "1 0.5 0.5 0.5 0.5\n");

        ToolResult run = await ToolResult.InvokeAsync([.. words.Select(word => word == "SET" ? set : word)]);

        run.AssertUserError(ReadOnly, "cannot be written");
    }

    private string[] Train(string folder) =>
    [
        "train", _sample.PathOf("scenes"), "--out", _sample.PathOf(folder), "--epochs", "2", "--size", "64", "--batch", "4", "--precision", "float32", "--threads", "2",
        "--set", "checkpoint.steps=1", "--set", "model.backbone.baseChannels=16", "--set", "model.neck.channels=16",
        "--set", "model.head.channels=16", "--set", "model.head.stackedConvs=1", "--set", "model.head.normGroups=4",
    ];

    private byte[] Weights(string folder) =>
        [.. Checkpoint.Read(RunFolder.Open(_sample.PathOf(folder)).LastWeightsPath).Weights.SelectMany(entry => entry.Value.Data.ToArray())];

    private static async Task<(int Code, string Output)> RunAsync(string before, string[] words)
    {
        ProcessStartInfo start = new("/bin/sh", ["-c", before + "exec dotnet \"$0\" \"$@\"", Path.Combine(AppContext.BaseDirectory, "focalsharp.dll"), .. words])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["OMP_NUM_THREADS"] = "1"; // a fixed number of threads, for the same bits
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0"; // the runtime would map its code through a file beyond the limit
        start.Environment["COMPlus_EnableDiagnostics"] = "0";
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, output + await errors);
    }
}
