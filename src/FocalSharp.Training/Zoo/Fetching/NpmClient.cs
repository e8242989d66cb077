using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace FocalSharp.Training.Zoo.Fetching;

/// <summary>
/// Fetches a package by the user's own npm, which knows their registry, proxy and certificates. Nothing of the package is run.
/// </summary>
internal sealed class NpmClient(string executable, IPullMonitor monitor)
{
    private const int MostLines = 200;
    private static readonly string[] Chatter = ["A complete log", "syscall ", "errno "];
    private static readonly TimeSpan Reminder = TimeSpan.FromSeconds(30);

    /// <summary>Runs <c>npm pack</c> and returns the archive that it left in the folder.</summary>
    /// <exception cref="UserErrorException">npm is absent, or could not fetch the package.</exception>
    public async Task<string> PackAsync(NpmPackage package, string folder, CancellationToken cancellation)
    {
        string npm = Find(executable) ?? throw new UserErrorException(
            $"The npm client was not found, and {package.Origin} is fetched with it. Install Node.js (https://nodejs.org), which brings npm. {WayOut(package)}");
        ProcessStartInfo start = new(npm)
        {
            // A neutral folder: a package.json or .npmrc of the user's current project has no say.
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string argument in (string[])
        [
            "pack", package.Specifier, "--pack-destination", folder, "--ignore-scripts", "--loglevel=error", "--no-update-notifier",
            "--fetch-retries=1", "--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=5000",
        ])
        {
            start.ArgumentList.Add(argument);
        }

        (int code, string said) = await RunAsync(start, package, cancellation);
        if (code != 0)
        {
            throw new UserErrorException($"npm could not fetch {package.Specifier}: {Reason(said, code)} {WayOut(package)}");
        }

        return Directory.GetFiles(folder, "*.tgz") is [var archive]
            ? archive
            : throw new UserErrorException($"npm ended well but left no archive of {package.Specifier}. {WayOut(package)}");
    }

    /// <summary>How else the package can come here.</summary>
    public static string WayOut(NpmPackage package) =>
        $"Or, where npm and a network are: npm pack {package.Specifier}, and then pass --from with the folder that holds the .tgz.";

    /// <summary>The client's full path, or null.</summary>
    internal static string? Find(string executable)
    {
        if (executable.Contains(Path.DirectorySeparatorChar, StringComparison.Ordinal))
        {
            return File.Exists(executable) ? executable : null;
        }

        string[] names = OperatingSystem.IsWindows() ? [executable + ".cmd", executable + ".exe"] : [executable];
        return (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Where(Path.IsPathRooted)
            .SelectMany(folder => names.Select(name => Path.Combine(folder, name)))
            .FirstOrDefault(File.Exists);
    }

    private async Task<(int Code, string Said)> RunAsync(ProcessStartInfo start, NpmPackage package, CancellationToken cancellation)
    {
        Queue<string> lines = new();
        using Process process = new() { StartInfo = start };
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, received) => Keep(lines, received.Data);
        try
        {
            process.Start();
        }
        catch (Exception fault) when (fault is Win32Exception or InvalidOperationException)
        {
            throw new UserErrorException($"{start.FileName}: npm cannot be started ({fault.Message}). Mend or reinstall Node.js. {WayOut(package)}", fault);
        }

        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        long began = Stopwatch.GetTimestamp();
        try
        {
            Task exit = process.WaitForExitAsync(cancellation);
            while (await Task.WhenAny(exit, Task.Delay(Reminder, cancellation)) != exit)
            {
                cancellation.ThrowIfCancellationRequested();
                monitor.Tell($"npm is still fetching {package.Specifier} ({Stopwatch.GetElapsedTime(began).TotalSeconds:0} s)");
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

    private static void Keep(Queue<string> lines, string? line)
    {
        if (line is not null)
        {
            lock (lines)
            {
                lines.Enqueue(line);
                if (lines.Count > MostLines)
                {
                    lines.Dequeue();
                }
            }
        }
    }

    // Lines such as "npm error code ENOTFOUND" and "npm ERR! network request to … failed".
    private static string Reason(string said, int code)
    {
        const int Most = 3;
        string[] errors =
        [
            .. said.Split('\n')
                .Select(line => line.Trim())
                .Where(line => line.StartsWith("npm error ", StringComparison.Ordinal) || line.StartsWith("npm ERR! ", StringComparison.Ordinal))
                .Select(line => Clean(line[9..].Trim()))
                .Where(line => line.Length > 0 && !Array.Exists(Chatter, line.StartsWith))
                .Take(Most),
        ];
        bool offline = said.Contains("ENOTFOUND", StringComparison.Ordinal) || said.Contains("ECONNREFUSED", StringComparison.Ordinal)
            || said.Contains("EAI_AGAIN", StringComparison.Ordinal) || said.Contains("ETIMEDOUT", StringComparison.Ordinal);
        return (offline ? "no connection to the registry (no network?): " : "")
            + (errors.Length > 0 ? string.Join("; ", errors) + "." : $"it ended with exit code {code}.");
    }

    private static string Clean(string line)
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
