using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using FocalSharp.Training.Distributed;

namespace FocalSharp.Cli.Sharding;

/// <summary>The option <c>--shard</c>: one of several parts of the work, for job arrays. Under mpirun each rank is a shard.</summary>
internal sealed class ShardOption
{
    /// <summary>The name of the option.</summary>
    public const string Name = "--shard";

    private const int MaxShards = 99_999;

    /// <summary>Initializes the option.</summary>
    public ShardOption() => Option.Validators.Add(result =>
    {
        foreach (string given in result.Tokens.Select(token => token.Value).Where(given => Parse(given) is null))
        {
            result.AddError($"{Name} takes K/N with K from 0 to N - 1, such as 3/64, not '{given}'.");
        }
    });

    /// <summary>Gets the option.</summary>
    public Option<string?> Option { get; } = new(Name)
    {
        HelpName = "K/N",
        Description = "Process part K (from 0) of N of the images; the last part to finish merges all. Finished parts are skipped [default: all, or this rank's part under mpirun]",
    };

    /// <summary>Gets the option <c>--parts</c> of commands that have no folder of results.</summary>
    public Option<string> Folder { get; } = new("--parts")
    {
        HelpName = "DIR",
        Description = $"Folder of the parts, which all processes can write to, with {Name}",
        DefaultValueFactory = _ => "parts",
    };

    /// <summary>Returns the part of this process; null for all of the work.</summary>
    public Shard? Get(ParseResult parsed) =>
        parsed.GetValue(Option) is { } given ? Parse(given)
        : Launcher.Find(Environment.GetEnvironmentVariable) is { Size: > 1 } launcher ? new Shard(launcher.Rank, launcher.Size)
        : null;

    /// <summary>Returns the parts of this command's work; null if this process does all of it.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="folder">The folder of the parts.</param>
    /// <param name="files">The files that are shared out.</param>
    /// <param name="models">Model files, whose content the results depend on.</param>
    /// <exception cref="FileException">A model cannot be read.</exception>
    public WorkParts? Open(ParseResult parsed, string folder, IReadOnlyList<string> files, IEnumerable<string> models) => Get(parsed) is not { } shard ? null
        : new WorkParts(folder, shard, files, [.. GetWords(parsed), .. models.Select(Hash)]);

    // Which part it is, and where the parts are, does not change what is computed.
    private string[] GetWords(ParseResult parsed)
    {
        string[] own = [Option.Name, Folder.Name];
        string[] words = [.. parsed.Tokens.Select(token => token.Value)];
        return [.. words.Where((word, i) => !own.Contains(word) && (i == 0 || !own.Contains(words[i - 1])))];
    }

    // Weights of one architecture have the same length, so only the content differs.
    private static string Hash(string path)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            return Convert.ToHexStringLower(SHA256.HashData(stream));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new FileException($"{path}: cannot be read ({exception.Message}).", exception) { Path = path };
        }
    }

    private static Shard? Parse(string given) =>
        given.Split('/') is [var index, var count] && Read(index) is { } k && Read(count) is { } n && k < n && n <= MaxShards ? new Shard(k, n) : null;

    private static int? Read(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : null;
}
