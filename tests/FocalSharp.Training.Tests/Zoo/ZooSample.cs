using System.Security.Cryptography;
using FocalSharp.Training.Zoo;
using FocalSharp.Training.Zoo.Fetching;

namespace FocalSharp.Training.Tests.Zoo;

/// <summary>A cache in a folder of its own, entries for what a test serves, and a monitor that remembers.</summary>
internal sealed class ZooSample : IDisposable, IPullMonitor
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _lines = [];

    /// <summary>Larger than what counts as progress between two breaks, and no multiple of any buffer.</summary>
    public static byte[] Content { get; } = [.. Enumerable.Range(0, 300_001).Select(i => (byte)((i * 31) ^ (i >> 8)))];

    public static string Hash(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));

    /// <summary>Long: a busy machine is no broken connection.</summary>
    public TimeSpan Stall { get; set; } = TimeSpan.FromSeconds(60);

    public string Cache => _folder.In("cache");

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lines)
            {
                return [.. _lines];
            }
        }
    }

    public string Said => string.Join('\n', Lines);

    public string In(params string[] parts) => _folder.In(parts);

    /// <summary>A store of these entries that waits hardly at all.</summary>
    public ModelStore Store(params ModelEntry[] entries) => new(new ModelStoreOptions
    {
        Folder = Cache,
        Entries = entries,
        Npm = In("bin", "npm"),
        Download = new DownloadOptions
        {
            FirstPause = TimeSpan.FromMilliseconds(1),
            LongestPause = TimeSpan.FromMilliseconds(5),
            Stall = Stall,
        },
    });

    /// <summary>An entry for a file on a server, named by its hash as PyTorch's are.</summary>
    public static ModelEntry Web(Uri url, byte[] content, string name = "tiny-net") => Entry(name, new WebFile
    {
        Url = url,
        HashPrefix = Hash(content)[..8],
        AboutBytes = content.Length,
    });

    public static ModelEntry Entry(string name, ModelSource source) => new()
    {
        Name = name,
        Summary = "for a test",
        Kind = ModelKind.Detector,
        Source = source,
        Licence = "MIT",
        Notice = "Copyright nobody\n",
        Score = "none",
    };

    public string Partial(ModelEntry entry) => Path.Combine(Cache, "partial", ((WebFile)entry.Source).FileName + ".part");

    public Task<PulledModel> PullAsync(ModelEntry entry, string? from = null) =>
        Store(entry).PullAsync(entry, from, this, TestContext.Current.CancellationToken);

    public async Task<string> FailAsync(ModelEntry entry, string? from = null) =>
        (await Assert.ThrowsAsync<UserErrorException>(() => PullAsync(entry, from))).Message;

    public void Tell(string line) => Add(line);

    public void Warn(string line) => Add("warning: " + line);

    public void Progress(string what, long done, long? total)
    {
    }

    public void Dispose() => _folder.Dispose();

    private void Add(string line)
    {
        lock (_lines)
        {
            _lines.Add(line);
        }
    }
}
