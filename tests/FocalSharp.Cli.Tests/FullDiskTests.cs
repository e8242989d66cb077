using System.Diagnostics;
using FocalSharp.Checkpoints;
using FocalSharp.Cli.Tests.Support;
using FocalSharp.Models;
using FocalSharp.Synthetic;
using FocalSharp.Torch.Native;

namespace FocalSharp.Cli.Tests;

/// <summary>
/// A disk that takes no more, and folders that take nothing. A real process is started under the system's own limit on the size of files
/// (<c>ulimit -f</c>, its signal ignored): small files are written, and whatever grows beyond it fails as on a full disk, in the middle of a
/// write. Folders below /proc refuse even root.
/// </summary>
public sealed class FullDiskTests : IDisposable
{
    private const string ReadOnly = "/proc/focalsharp";

    private readonly DatasetSample _sample = new();

    public void Dispose() => _sample.Dispose();

    [Fact]
    public async Task A_disk_that_fills_up_while_training_is_told_and_what_was_kept_goes_on_to_the_same_weights()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "ulimit is Unix's");
        LibTorch.EnsureLoaded();
        DemoDataset.Create(_sample.PathOf("scenes"), new DemoOptions { TrainImages = 12, ValImages = 2 });
        (int code, string said) = await RunAsync("", Train("whole"));
        Assert.True(code == 0, said);

        // 80 KB: the probe, settings, records and metrics fit; no state and no weights do.
        (code, said) = await RunAsync("trap '' XFSZ; ulimit -f 160; ", Train("broken"));

        Assert.True(code == ExitCodes.UserError, said);
        Assert.Contains("cannot be written", said, StringComparison.Ordinal);
        Assert.Contains("could not be kept", said, StringComparison.Ordinal);
        Assert.Contains("--resume", said, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", said, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_sample.PathOf("broken"), "*.tmp", SearchOption.AllDirectories));
        Assert.False(File.Exists(_sample.PathOf("broken", "last.safetensors"))); // half a file would be worse than none

        (code, said) = await RunAsync("", ["train", "--resume", _sample.PathOf("broken")]);
        Assert.True(code == 0, said);
        Assert.Equal(Weights("whole"), Weights("broken"));
    }

    [Fact]
    public async Task A_disk_that_is_full_when_findings_are_written_leaves_what_was_there()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "ulimit is Unix's");
        string target = _sample.Write("old.json", "what was there");
        string set = _sample.Yolo(string.Concat(Enumerable.Repeat("0 0.5 0.5 0.5 0.5\n", 5000)));

        (int code, string said) = await RunAsync("trap '' XFSZ; ulimit -f 64; ", ["data", "check", set, "--fast", "--all", "--json", target]);

        Assert.True(code == ExitCodes.UserError, said);
        Assert.Contains("cannot be written", said, StringComparison.Ordinal);
        Assert.Equal("what was there", File.ReadAllText(target));
        Assert.Empty(Directory.GetFiles(_sample.Path, "*.tmp"));
    }

    [Theory]
    [InlineData("train", "SET", "--epochs", "1", "--out", ReadOnly + "/run")]
    [InlineData("convert", "SET", "--to", "coco", "--out", ReadOnly + "/set")]
    [InlineData("data", "check", "SET", "--json", ReadOnly + "/findings.json")]
    public async Task A_folder_that_takes_nothing_is_one_clear_error(params string[] words)
    {
        Assert.SkipUnless(Directory.Exists("/proc/self"), "there is no /proc here");
        string set = _sample.Yolo();
        File.WriteAllText(Path.Combine(set, "labels", "val", "b.txt"), "1 0.5 0.5 0.5 0.5\n");

        ToolResult run = await ToolResult.InvokeAsync([.. words.Select(word => word == "SET" ? set : word)]);

        run.AssertUserError(ReadOnly, "cannot be written");
    }

    private string[] Train(string folder) =>
    [
        "train", _sample.PathOf("scenes"), "--out", _sample.PathOf(folder), "--epochs", "2", "--size", "64", "--batch", "4", "--precision", "float32",
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
        start.Environment["OMP_NUM_THREADS"] = "1"; // one number of threads, whatever else the machine does
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0"; // the runtime's own code would be mapped through a file beyond the limit
        start.Environment["COMPlus_EnableDiagnostics"] = "0";
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, output + await errors);
    }
}
