using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using FocalSharp.IO;

namespace FocalSharp.Cli.Sharding;

/// <summary>
/// The parts of work on many files that several processes share: one file of results for each, written atomically, which is complete if it exists. Its
/// name depends on the list of files and the options, so that parts of other work are not mistaken for finished ones, and on size and time of the part's own files, so
/// that a part whose files were changed is processed again.
/// </summary>
internal sealed class WorkParts
{
    private const int KeyBytes = 6;

    private readonly string _folder;
    private readonly string _key;
    private readonly string _stamp;

    /// <summary>Initializes the parts of some work.</summary>
    /// <param name="folder">The folder of the parts.</param>
    /// <param name="shard">The part of this process.</param>
    /// <param name="files">All files, in order.</param>
    /// <param name="identity">What else the results depend on: options and models.</param>
    public WorkParts(string folder, Shard shard, IReadOnlyList<string> files, IEnumerable<string> identity)
    {
        (_folder, Shard) = (folder, shard);
        _key = Hash([.. files, .. identity]);
        _stamp = Hash(shard.Take(files).Select(file => new FileInfo(file)).Select(file =>
            file.Exists ? string.Create(CultureInfo.InvariantCulture, $"{file.Length} {file.LastWriteTimeUtc.Ticks}") : "missing"));
    }

    /// <summary>Gets the part of this process.</summary>
    public Shard Shard { get; }

    /// <summary>Gets whether the part of this process is finished.</summary>
    public bool IsFinished => File.Exists(OwnPath);

    private string OwnPath => Path.Combine(_folder, $"{GetPrefix(Shard.Index)}{_stamp}.json");

    /// <summary>Saves the part of this process, and removes a former one of files that were changed since.</summary>
    /// <param name="write">Writes the results.</param>
    /// <exception cref="FileException">The file cannot be written.</exception>
    public void Save(Action<Stream> write)
    {
        DirectoryAccess.RequireWritable(_folder);
        AtomicFile.Write(OwnPath, write);
        foreach (string former in Directory.EnumerateFiles(_folder, $"{GetPrefix(Shard.Index)}*.json").Where(path => path != OwnPath))
        {
            File.Delete(former);
        }
    }

    /// <summary>Returns the files of all parts in order if all are finished, else null.</summary>
    public IReadOnlyList<string>? FindAll()
    {
        IReadOnlyDictionary<int, string> finished = Find();
        return finished.Count < Shard.Count ? null : [.. Enumerable.Range(0, Shard.Count).Select(part => finished[part])];
    }

    /// <summary>Returns that this process's part is finished, for a process that was started again.</summary>
    public string DescribeFinished() => $"Part {Shard.Index} of {Shard.Count} is finished already.";

    /// <summary>Returns how far the work is, for a process that leaves it to another one to merge the parts.</summary>
    public string Describe()
    {
        int count = Find().Count;
        return $"{count} of {Shard.Count} parts {(count == 1 ? "is" : "are")} finished; the last one merges them.";
    }

    /// <summary>Locks the merge against other processes; null if another one has the lock. The operating system releases it when the process ends.</summary>
    public IDisposable? TryLock()
    {
        try
        {
            return new FileStream(Path.Combine(_folder, $"{_key}.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private SortedDictionary<int, string> Find()
    {
        SortedDictionary<int, string> finished = [];
        string suffix = $"-of-{Shard.Count.ToString("D5", CultureInfo.InvariantCulture)}-";
        if (Directory.Exists(_folder))
        {
            foreach (string path in Directory.EnumerateFiles(_folder, $"{_key}-*{suffix}*.json").Order(StringComparer.Ordinal))
            {
                string number = Path.GetFileName(path)[(_key.Length + 1)..].Split('-')[0];
                if (int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int part) && part < Shard.Count && (part != Shard.Index || path == OwnPath))
                {
                    finished[part] = path;
                }
            }
        }

        return finished;
    }

    private string GetPrefix(int part) => string.Create(CultureInfo.InvariantCulture, $"{_key}-{part:D5}-of-{Shard.Count:D5}-");

    private static string Hash(IEnumerable<string> texts)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string text in texts)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(text));
            hash.AppendData([0]);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, KeyBytes));
    }
}
