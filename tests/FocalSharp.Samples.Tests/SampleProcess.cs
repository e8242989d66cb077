using System.Diagnostics;

namespace FocalSharp.Samples.Tests;

/// <summary>Runs a built sample as a process.</summary>
internal static class SampleProcess
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(10);

    /// <summary>Gets the names of all samples.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [.. Directory.GetFiles(Path.Combine(RepositoryRoot.Path, "samples"), "*.csproj", SearchOption.AllDirectories)
            .Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal)];

    /// <summary>Returns the source files of a sample.</summary>
    public static IReadOnlyList<string> Sources(string name) =>
        [.. Directory.GetFiles(Path.Combine(RepositoryRoot.Path, "samples", name), "*.cs")];

    /// <summary>Runs a sample in a folder; returns its exit code and all that it wrote.</summary>
    /// <exception cref="TimeoutException">Thrown when the sample does not end within ten minutes.</exception>
    public static async Task<(int ExitCode, string Output)> RunAsync(string name, string workingDirectory, params string[] arguments)
    {
        string configuration = AppContext.BaseDirectory.Contains($"{Path.DirectorySeparatorChar}Debug{Path.DirectorySeparatorChar}", StringComparison.Ordinal) ? "Debug" : "Release";
        string assembly = Path.Combine(RepositoryRoot.Path, "samples", name, "bin", configuration, "net10.0", name + ".dll");
        ProcessStartInfo start = new("dotnet", ["exec", assembly, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = workingDirectory,
        };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        using CancellationTokenSource timeout = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        timeout.CancelAfter(Timeout);
        try
        {
            await process.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException exception)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{name} did not end within {Timeout}.\n{await output}\n{await error}", exception);
        }

        return (process.ExitCode, await output + await error);
    }
}
