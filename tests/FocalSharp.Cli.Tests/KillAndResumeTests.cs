using System.Diagnostics;
using System.Globalization;
using FocalSharp.Checkpoints;
using FocalSharp.Cli.Tests.Support;
using FocalSharp.Models;
using FocalSharp.Reporting;
using FocalSharp.Synthetic;
using FocalSharp.Torch.Native;

namespace FocalSharp.Cli.Tests;

/// <summary>Kills training processes with SIGKILL at random moments, resumes them, and compares the result with an uninterrupted run.</summary>
[Trait(TestCategories.Trait, TestCategories.Slow)]
public sealed class KillAndResumeTests : IDisposable
{
    private const int Kills = 20;
    private const int MaxRuns = 12;

    private readonly DatasetSample _sample = new();
    private readonly string _data;

    public KillAndResumeTests()
    {
        _data = _sample.PathOf("scenes");
        LibTorch.EnsureLoaded();
        DemoDataset.Create(_data, new DemoOptions { TrainImages = 24, ValImages = 2 });
    }

    public void Dispose() => _sample.Dispose();

    [Fact]
    public async Task A_run_killed_twenty_times_ends_with_the_bits_of_an_uninterrupted_one()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "SIGKILL is Unix's");
        (int code, string output) = await FinishAsync(Begin("whole"));
        Assert.True(code == 0, output);
        RunFolder whole = RunFolder.Open(_sample.PathOf("whole"));
        int seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"random seed {seed}");
        Random random = new(seed);

        // A run may finish before the last kill; then another one starts.
        int kills = 0;
        for (int run = 0; kills < Kills; run++)
        {
            Assert.True(run < MaxRuns, $"{run} runs ended before {Kills} kills");
            string folder = $"broken{run}";
            while (kills < Kills && await KillAsync(Command(folder), random))
            {
                kills++;
            }

            (code, output) = await FinishAsync(Command(folder));
            Assert.True(code == 0 || output.Contains("is finished", StringComparison.Ordinal), output);
            AssertSame(whole, RunFolder.Open(_sample.PathOf(folder)), seed);
        }
    }

    private string[] Command(string folder) => File.Exists(_sample.PathOf(folder, "run.json")) ? ["train", "--resume", _sample.PathOf(folder)] : Begin(folder);

    // A checkpoint after every step, so that many kills interrupt the writing of one.
    private string[] Begin(string folder) =>
    [
        "train", _data, "--out", _sample.PathOf(folder), "--epochs", "14", "--size", "64", "--batch", "4", "--precision", "float32", "--threads", "2",
        "--set", "checkpoint.steps=1", "--set", "evaluateEvery=7", "--set", "model.backbone.baseChannels=16", "--set", "model.neck.channels=16",
        "--set", "model.head.channels=16", "--set", "model.head.stackedConvs=1", "--set", "model.head.normGroups=4",
    ];

    /// <summary>Starts the tool and kills it at a random time after training or the process started.</summary>
    /// <returns>False if it exited before.</returns>
    private static async Task<bool> KillAsync(string[] words, Random random)
    {
        using Process process = Start(words);
        if (random.Next(4) > 0)
        {
            // Most kills interrupt training, some the start.
            while (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line
                && !line.StartsWith("Training:", StringComparison.Ordinal))
            {
            }
        }

        await Task.Delay(random.Next(10, 450), TestContext.Current.CancellationToken);
        bool killed = !process.HasExited;
        process.Kill();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return killed && process.ExitCode == 128 + 9;
    }

    private static async Task<(int Code, string Output)> FinishAsync(string[] words)
    {
        using Process process = Start(words);
        Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, output + await errors);
    }

    private static Process Start(string[] words)
    {
        ProcessStartInfo start = new("dotnet", [Path.Combine(AppContext.BaseDirectory, "focalsharp.dll"), .. words])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["OMP_NUM_THREADS"] = "1"; // a fixed number of threads, for the same bits
        return Process.Start(start)!;
    }

    private static void AssertSame(RunFolder expected, RunFolder actual, int seed)
    {
        foreach (string name in new[] { "last.safetensors", "best.safetensors" })
        {
            StateDict before = Checkpoint.Read(expected.GetPath(name)).Weights;
            StateDict after = Checkpoint.Read(actual.GetPath(name)).Weights;
            Assert.Equal(before.Names, after.Names);
            Assert.All(before.Names, tensor => Assert.True(
                before[tensor].Data.Span.SequenceEqual(after[tensor].Data.Span),
                string.Create(CultureInfo.InvariantCulture, $"{name}: {tensor} differs (seed {seed})")));
        }

        int speed = MetricsColumns.All.ToList().IndexOf(MetricsColumns.ImagesPerSecond);
        Assert.Equal(Rows(expected), Rows(actual));
        Assert.Equal(EventFile.Scalars(expected.Path), EventFile.Scalars(actual.Path));

        IEnumerable<double[]> Rows(RunFolder folder) => MetricsLog.Read(folder.MetricsPath).Rows.Select(row => row.Where((_, i) => i != speed).ToArray());
    }
}
