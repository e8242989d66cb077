using System.Globalization;

namespace FocalSharp.Models.Catalog.Fetching;

/// <summary>Downloads an <see cref="HttpModelSource"/> into the cache and verifies it.</summary>
internal sealed class HttpFetcher(DownloadOptions options, IPullMonitor monitor)
{
    /// <summary>Downloads the file; the next call resumes an interrupted download.</summary>
    /// <param name="file">The file.</param>
    /// <param name="folder">The folder of partial downloads.</param>
    /// <param name="cancellationToken">Cancels the download; its part is retained.</param>
    /// <exception cref="ModelException">The download failed, or the content is not what was published; such content is discarded.</exception>
    public async Task<FetchedFile> RunAsync(HttpModelSource file, string folder, CancellationToken cancellationToken)
    {
        PartialFile partial = new(Path.Combine(folder, file.FileName + ".part"), file.Url);
        using HttpClient http = RangeRequest.CreateClient();
        FileDownload download = new(http, options, monitor);
        bool resumed = await download.RunAsync(file, partial, cancellationToken);
        string hash = Sha256File.ComputeHash(partial.Path);
        if (!Matches(partial.Path, hash, file) && resumed)
        {
            // Parts of two different contents may have been joined.
            monitor.Warn($"{file.FileName}: its parts do not match; downloading it again");
            partial.Discard();
            await download.RunAsync(file, partial, cancellationToken);
            hash = Sha256File.ComputeHash(partial.Path);
        }

        if (!Matches(partial.Path, hash, file))
        {
            string page = LooksLikeHtml(partial.Path) ? " It looks like a web page: does this network ask for a login?" : "";
            partial.Discard();
            throw new ModelException(DescribeMismatch(file, $"{file.Url}: the downloaded content", hash) + page + $" {FileDownload.GetManualDownloadHint(file)}");
        }

        partial.Complete();
        return new FetchedFile(partial.Path, new VerifiedFile(file.FileName, partial.Length, hash));
    }

    /// <summary>Returns whether a file is the published one.</summary>
    /// <param name="path">The file.</param>
    /// <param name="sha256">Its SHA-256.</param>
    /// <param name="file">What was published.</param>
    public static bool Matches(string path, string sha256, HttpModelSource file) =>
        MatchesHash(sha256, file) && (file.GitBlobId.Length == 0 || GitBlob.ComputeId(path) == file.GitBlobId);

    /// <summary>Returns whether a hash matches the published digits.</summary>
    public static bool MatchesHash(string sha256, HttpModelSource file) => sha256.StartsWith(file.HashPrefix, StringComparison.Ordinal);

    /// <summary>Describes a mismatch.</summary>
    public static string DescribeMismatch(HttpModelSource file, string what, string sha256) => MatchesHash(sha256, file)
        ? $"{what} is not what was published: its id in git is not {file.GitBlobId}. It was discarded."
        : string.Create(
            CultureInfo.InvariantCulture,
            $"{what} is not what was published: its SHA-256 begins with {sha256[..file.HashPrefix.Length]}, that of {file.FileName} with {file.HashPrefix}. It was discarded.");

    private static bool LooksLikeHtml(string path)
    {
        using FileStream stream = File.OpenRead(path);
        int start;
        do
        {
            start = stream.ReadByte();
        }
        while (start is ' ' or '\r' or '\n' or '\t');
        return start == '<';
    }
}
