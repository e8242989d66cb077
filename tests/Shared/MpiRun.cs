using System.Diagnostics;
using System.Globalization;

namespace FocalSharp.TestSupport;

/// <summary>Starts programs with a real mpirun; tests are skipped where it is not installed.</summary>
internal static class MpiRun
{
    /// <summary>Both implementations: Debian's names of their mpirun.</summary>
    public static TheoryData<string> Launchers => ["mpirun.mpich", "mpirun.openmpi"];

    /// <summary>Runs explicit tests of this assembly on several ranks.</summary>
    /// <returns>The exit code, and what all ranks and mpirun wrote.</returns>
    public static (int ExitCode, string Output) RunTests(string launcher, int ranks, Type tests) => Run(
        launcher, ranks, ["dotnet", typeof(MpiRun).Assembly.Location, "-class", tests.FullName!, "-explicit", "only", "-noColor"]);

    /// <summary>Runs a command on several ranks.</summary>
    /// <param name="launcher">The name of mpirun.</param>
    /// <param name="ranks">The number of ranks.</param>
    /// <param name="command">The command with its arguments.</param>
    /// <param name="whileRunning">Called with mpirun's process once it is started.</param>
    public static (int ExitCode, string Output) Run(string launcher, int ranks, IReadOnlyList<string> command, Action<Process>? whileRunning = null)
    {
        Assert.SkipUnless(Find(launcher) is { }, $"{launcher} is not installed (apt-get install mpich openmpi-bin)");
        ProcessStartInfo start = new(Find(launcher)!) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        if (launcher.Contains("openmpi", StringComparison.Ordinal))
        {
            start.ArgumentList.Add("--oversubscribe");
        }

        start.ArgumentList.Add("-n");
        start.ArgumentList.Add(ranks.ToString(CultureInfo.InvariantCulture));
        foreach (string word in command)
        {
            start.ArgumentList.Add(word);
        }

        start.Environment["OMPI_ALLOW_RUN_AS_ROOT"] = "1";
        start.Environment["OMPI_ALLOW_RUN_AS_ROOT_CONFIRM"] = "1";
        start.Environment["OMPI_MCA_mpi_yield_when_idle"] = "1";
        start.Environment["OMPI_MCA_btl_vader_single_copy_mechanism"] = "none"; // ptrace is often forbidden in containers
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        try
        {
            whileRunning?.Invoke(process);
        }
        catch
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        if (!process.WaitForExit(TimeSpan.FromMinutes(2)))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{launcher} did not end: {output.Result}{errors.Result}");
        }

        return (process.ExitCode, output.Result + errors.Result);
    }

    /// <summary>Sends a signal to one rank of a run whose command line contains a text. Linux only.</summary>
    public static void SignalRank(int rank, string text, string signal)
    {
        foreach (string folder in Directory.GetDirectories("/proc").Where(path => int.TryParse(Path.GetFileName(path), out _)))
        {
            try
            {
                string environment = File.ReadAllText(Path.Combine(folder, "environ"));
                if (File.ReadAllText(Path.Combine(folder, "comm")).StartsWith("dotnet", StringComparison.Ordinal)
                    && File.ReadAllText(Path.Combine(folder, "cmdline")).Contains(text, StringComparison.Ordinal)
                    && (environment.Contains($"PMI_RANK={rank}\0", StringComparison.Ordinal) || environment.Contains($"OMPI_COMM_WORLD_RANK={rank}\0", StringComparison.Ordinal)))
                {
                    Signal(int.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture), signal);
                }
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // The process has ended.
            }
        }
    }

    /// <summary>Sends a signal to a process.</summary>
    public static void Signal(int process, string signal)
    {
        using Process kill = Process.Start("kill", [$"-{signal}", process.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    private static string? Find(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
}
