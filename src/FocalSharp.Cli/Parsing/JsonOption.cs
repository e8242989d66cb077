using System.CommandLine;

namespace FocalSharp.Cli.Parsing;

/// <summary>The option that every scriptable verb has: <c>--json FILE</c>, where <c>-</c> is stdout.</summary>
internal static class JsonOption
{
    public static Option<string?> Create(string description) => new("--json") { HelpName = "FILE", Description = description + " ('-': to stdout)" };
}
