namespace FocalSharp.Cli.Verbs;

/// <summary>What the command line asks of <c>data check</c>.</summary>
/// <param name="Path">The data set.</param>
/// <param name="Size">Input side in pixels.</param>
/// <param name="RegMax">Highest bin of the side distributions.</param>
/// <param name="All">Whether every fault is listed.</param>
/// <param name="Json">Where the findings go as JSON; <c>-</c> is stdout.</param>
internal sealed record DataCheckRequest(string Path, int Size, int RegMax, bool All, string? Json);
