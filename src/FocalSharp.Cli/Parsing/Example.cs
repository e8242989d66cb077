namespace FocalSharp.Cli.Parsing;

/// <summary>A command line to try, with what it does.</summary>
internal sealed record Example(string Command, string Description);
