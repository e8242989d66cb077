using System.CommandLine;
using System.Globalization;
using FocalSharp.Training.Distributed;

namespace FocalSharp.Cli.Parsing;

/// <summary>The option <c>--shard</c>: one of several parts of the work, for job arrays. Under mpirun each rank is a shard.</summary>
internal sealed class ShardOption
{
    private const int MaxShards = 99_999;

    /// <summary>Initializes the option.</summary>
    public ShardOption() => Option.Validators.Add(result =>
    {
        foreach (string given in result.Tokens.Select(token => token.Value).Where(given => Parse(given) is null))
        {
            result.AddError($"--shard takes K/N with K from 0 to N - 1, such as 3/64, not '{given}'.");
        }
    });

    /// <summary>Gets the option.</summary>
    public Option<string?> Option { get; } = new("--shard")
    {
        HelpName = "K/N",
        Description = "Process part K (from 0) of N of the images; the last part to finish merges all. Finished parts are skipped [default: all, or this rank's part under mpirun]",
    };

    /// <summary>Returns the part of this process; null for all of the work.</summary>
    public Shard? Get(ParseResult parsed) =>
        parsed.GetValue(Option) is { } given ? Parse(given)
        : Launcher.Find(Environment.GetEnvironmentVariable) is { Size: > 1 } launcher ? new Shard(launcher.Rank, launcher.Size)
        : null;

    private static Shard? Parse(string given) =>
        given.Split('/') is [var index, var count] && Read(index) is { } k && Read(count) is { } n && k < n && n <= MaxShards ? new Shard(k, n) : null;

    private static int? Read(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : null;
}
