using System.Diagnostics;
using FocalSharp.Cli.Tests.Support;

namespace FocalSharp.Cli.Tests;

public sealed class CtrlCTests : IDisposable
{
    private readonly DatasetSample _sample = new();

    [Fact]
    public async Task A_signal_stops_cleanly_with_exit_code_130()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "signals are sent by kill");
        string model = TinyModel.Save(_sample.PathOf("tiny.safetensors"));
        for (int i = 0; i < 400; i++)
        {
            _sample.Write($"photos/{i}.bmp", DatasetSample.Bitmap(320, 240));
        }

        ProcessStartInfo start = new(
            "dotnet",
            [Path.Combine(AppContext.BaseDirectory, "focalsharp.dll"), "predict", model, _sample.PathOf("photos"), "--no-images", "--size", "1024", "--json", _sample.PathOf("out.json")])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        Assert.NotNull(await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken)); // the first image is done

        // SIGTERM and Ctrl-C are handled alike; a shell may start background jobs with the latter ignored.
        using (Process kill = Process.Start("kill", ["-TERM", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]))
        {
            await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(ExitCodes.Interrupted, process.ExitCode);
        string error = await errors;
        Assert.Contains("Stopping", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    public void Dispose() => _sample.Dispose();
}
