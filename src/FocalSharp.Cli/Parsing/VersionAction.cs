using System.CommandLine;
using System.CommandLine.Invocation;
using System.Reflection;

namespace FocalSharp.Cli.Parsing;

/// <summary>Prints the tool's version.</summary>
internal sealed class VersionAction : SynchronousCommandLineAction
{
    /// <summary>Gets the version, with the commit if the build recorded it.</summary>
    public static string Version { get; } = Shorten(
        typeof(VersionAction).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown");

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        parseResult.InvocationConfiguration.Output.WriteLine($"focalsharp {Version}");
        return ExitCodes.Success;
    }

    // 0.1.0+b2a70323ef58… becomes 0.1.0 (b2a7032).
    private static string Shorten(string version) =>
        version.Split('+', 2) is [string number, { Length: >= 7 } commit] ? $"{number} ({commit[..7]})" : version;
}
