using System.Globalization;
using FocalSharp.Cli.Parsing;

namespace FocalSharp.Cli;

/// <summary>Saves the stack trace of an unexpected error to a file for a bug report.</summary>
internal static class CrashReport
{
    /// <summary>Writes the exception to a file in the temporary folder and returns a sentence with its path.</summary>
    public static string Save(Exception exception, IReadOnlyList<string> args)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"focalsharp-crash-{DateTime.UtcNow:yyyyMMdd-HHmmss-fff}-{Environment.ProcessId}.txt");
        string path = Path.Combine(Path.GetTempPath(), name);
        try
        {
            File.WriteAllText(path, $"focalsharp {VersionAction.Version}\ncommand: focalsharp {string.Join(' ', args)}\n\n{exception}\n");
            return $"Please report it, and attach {path}";
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return $"Please report it:\n{exception}";
        }
    }
}
