namespace FocalSharp.Cli.Parsing;

/// <summary>A command line in the help text.</summary>
/// <param name="Command">The command line.</param>
/// <param name="Description">What it does.</param>
internal sealed record Example(string Command, string Description);
