using System.Diagnostics;
using FocalSharp.Checkpoints;
using FocalSharp.Cli.Tests.Support;
using FocalSharp.Models;
using FocalSharp.Reporting;
using FocalSharp.Synthetic;
using FocalSharp.Torch.Native;

namespace FocalSharp.Cli.Tests;

/// <summary><c>mpirun focalsharp train</c> with both MPIs: the same training, and what happens to a rank happens to all. Explicit: they
/// start up to four processes each and need an idle machine, so that CI runs them after all others (<c>-class "*MpiTrainTests" -explicit only</c>).</summary>
[Trait(TestCategories.Trait, TestCategories.Slow)]
public sealed class MpiTrainTests : IDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(1);

    private readonly DatasetSample _sample = new();
    private readonly string _data;

    public MpiTrainTests()
    {
        _data = _sample.PathOf("scenes");
        LibTorch.EnsureLoaded();
        DemoDataset.Create(_data, new DemoOptions { TrainImages = 12, ValImages = 3 });
    }

    public void Dispose() => _sample.Dispose();

    [Theory(Explicit = true)]
    [InlineData("mpirun.mpich", 2)]
    [InlineData("mpirun.openmpi", 4)]
    public async Task Ranks_train_what_one_process_trains(string launcher, int ranks)
    {
        (int code, string output) = MpiRun.Run(launcher, ranks, Train("ranks", epochs: 2));
        Assert.True(code == 0, output);
        (code, output) = await RunAloneAsync(Train("alone", epochs: 2));
        Assert.True(code == 0, output);

        MetricsTable expected = MetricsLog.Read(RunFolder.Open(_sample.PathOf("alone")).MetricsPath);
        MetricsTable actual = MetricsLog.Read(RunFolder.Open(_sample.PathOf("ranks")).MetricsPath);
        int loss = MetricsColumns.All.ToList().IndexOf(MetricsColumns.Loss);
        double[] losses = [.. expected.Rows.Select(row => row[loss]).Where(double.IsFinite)];
        Assert.Equal(2, losses.Length);
        Assert.All(losses.Zip(actual.Rows.Select(row => row[loss]).Where(double.IsFinite)), pair => Assert.Equal(pair.First, pair.Second, 1e-3));
    }

    [Fact(Explicit = true)]
    public void A_killed_rank_ends_all_and_the_run_resumes_bit_for_bit()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "/proc is Linux's");
        (int code, string output) = MpiRun.Run("mpirun.mpich", 2, Train("whole", epochs: 3));
        Assert.True(code == 0, output);

        (code, output) = MpiRun.Run("mpirun.mpich", 2, Train("killed", epochs: 3), _ =>
        {
            WaitForCheckpoint("killed");
            MpiRun.SignalRank(1, _sample.PathOf("killed"), "KILL");
        });
        Assert.True(code != 0, output);

        (code, output) = MpiRun.Run("mpirun.mpich", 2, [.. Tool, "train", "--resume", _sample.PathOf("killed")]);
        Assert.True(code == 0, output);
        StateDict expected = Checkpoint.Read(RunFolder.Open(_sample.PathOf("whole")).LastWeightsPath).Weights;
        StateDict actual = Checkpoint.Read(RunFolder.Open(_sample.PathOf("killed")).LastWeightsPath).Weights;
        Assert.All(expected.Names, name => Assert.True(expected[name].Data.Span.SequenceEqual(actual[name].Data.Span), name));
    }

    [Fact(Explicit = true)]
    public void A_rank_that_hangs_is_named_within_the_timeout()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "/proc is Linux's");
        (int code, string output) = MpiRun.Run("mpirun.openmpi", 2, [.. Train("hung", epochs: 300), "--rank-timeout", "4s"], _ =>
        {
            WaitForCheckpoint("hung");
            MpiRun.SignalRank(1, _sample.PathOf("hung"), "STOP");
        });

        Assert.NotEqual(0, code);
        Assert.Contains("Error: rank 1 of 2 has not responded for ", output, StringComparison.Ordinal);
    }

    [Fact(Explicit = true)]
    public void A_signal_to_mpirun_ends_all_ranks_with_a_checkpoint()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "signals are sent by kill");
        (_, string output) = MpiRun.Run("mpirun.mpich", 2, Train("stopped", epochs: 300), mpirun =>
        {
            WaitForCheckpoint("stopped");
            MpiRun.Signal(mpirun.Id, "TERM");
        });

        Assert.Contains("Stopping", output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
        Assert.True(File.Exists(RunFolder.Open(_sample.PathOf("stopped")).ResultPath), output); // the weights were evaluated
    }

    private static string[] Tool => ["dotnet", Path.Combine(AppContext.BaseDirectory, "focalsharp.dll")];

    private string[] Train(string folder, int epochs) =>
    [
        .. Tool, "train", _data, "--out", _sample.PathOf(folder), "--epochs", $"{epochs}", "--size", "64", "--batch", "4", "--precision", "float32", "--threads", "1",
        "--set", "checkpoint.steps=1", "--set", "evaluateEvery=1000", "--set", "model.backbone.baseChannels=16", "--set", "model.neck.channels=16",
        "--set", "model.head.channels=16", "--set", "model.head.stackedConvs=1", "--set", "model.head.normGroups=4",
    ];

    private static async Task<(int Code, string Output)> RunAloneAsync(string[] command)
    {
        using Process process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, output + await errors);
    }

    private void WaitForCheckpoint(string folder)
    {
        Stopwatch waited = Stopwatch.StartNew();
        while (!Directory.Exists(_sample.PathOf(folder, "checkpoints")) || Directory.GetFiles(_sample.PathOf(folder, "checkpoints"), "checkpoint-*").Length == 0)
        {
            Assert.True(waited.Elapsed < StartLimit, "no checkpoint was written");
            Thread.Sleep(20);
        }
    }
}
