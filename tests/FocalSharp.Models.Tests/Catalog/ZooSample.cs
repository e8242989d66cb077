using System.Security.Cryptography;
using FocalSharp.Models.Catalog;
using FocalSharp.Models.Catalog.Fetching;

namespace FocalSharp.Models.Tests.Catalog;

/// <summary>A cache in a folder of its own, entries for what a test serves, and a monitor that remembers.</summary>
internal sealed class ZooSample : IDisposable, IPullMonitor
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _lines = [];

    /// <summary>Larger than what counts as progress between two breaks, and no multiple of any buffer.</summary>
    public static byte[] Content { get; } = [.. Enumerable.Range(0, 300_001).Select(i => (byte)((i * 31) ^ (i >> 8)))];

    public static string Hash(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));

    /// <summary>Long: a busy machine is no broken connection.</summary>
    public TimeSpan StallTimeout { get; set; } = TimeSpan.FromSeconds(60);

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

    public string Output => string.Join('\n', Lines);

    public string In(params string[] parts) => _folder.In(parts);

    /// <summary>A store of these entries that waits hardly at all.</summary>
    public ModelStore Store(params ModelEntry[] entries) => new(new ModelStoreOptions
    {
        Folder = Cache,
        Entries = entries,
        NpmExecutable = In("bin", "npm"),
        Download = new DownloadOptions
        {
            InitialDelay = TimeSpan.FromMilliseconds(1),
            MaxDelay = TimeSpan.FromMilliseconds(5),
            StallTimeout = StallTimeout,
        },
    });

    /// <summary>An entry for a file on a server, named by its hash as PyTorch's are.</summary>
    public static ModelEntry Web(Uri url, byte[] content, string name = "tiny-net") => Entry(name, new HttpModelSource
    {
        Url = url,
        HashPrefix = Hash(content)[..8],
        ApproximateBytes = content.Length,
    });

    public static ModelEntry Entry(string name, ModelSource source) => new(source)
    {
        Name = name,
        Summary = "for a test",
        IsDetector = true,
        License = "MIT",
        Notice = "Copyright nobody\n",
        PublishedScore = "none",
    };

    public string Partial(ModelEntry entry) => Path.Combine(Cache, "partial", ((HttpModelSource)entry.Source).FileName + ".part");

    public Task<PullResult> PullAsync(ModelEntry entry, string? from = null) =>
        Store(entry).PullAsync(entry, from, this, TestContext.Current.CancellationToken);

    public async Task<string> FailAsync(ModelEntry entry, string? from = null) =>
        (await Assert.ThrowsAnyAsync<FocalSharpException>(() => PullAsync(entry, from))).Message;

    public void Info(string line) => Add(line);

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
