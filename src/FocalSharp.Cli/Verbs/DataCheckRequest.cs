namespace FocalSharp.Cli.Verbs;

/// <summary>What the command line asks of <c>data check</c>.</summary>
/// <param name="Data">The data set, as typed.</param>
internal sealed record DataCheckRequest(string Data)
{
    /// <summary>The recipe whose settings the data set is checked against; null takes train's default.</summary>
    public string? Recipe { get; init; }

    /// <summary>Input side in pixels; null takes the recipe's.</summary>
    public int? Size { get; init; }

    /// <summary>Highest bin of the side distributions; null takes the recipe's.</summary>
    public int? RegMax { get; init; }

    /// <summary>Whether no picture is decoded.</summary>
    public bool Fast { get; init; }

    /// <summary>Whether warnings fail as well.</summary>
    public bool Strict { get; init; }

    /// <summary>Whether every place is listed.</summary>
    public bool All { get; init; }

    /// <summary>Where the findings go as JSON; <c>-</c> is stdout.</summary>
    public string? Json { get; init; }
}
