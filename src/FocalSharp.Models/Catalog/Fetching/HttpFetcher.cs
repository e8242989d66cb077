using System.Globalization;

namespace FocalSharp.Models.Catalog.Fetching;

/// <summary>Fetches a <see cref="HttpModelSource"/> into the cache and checks it.</summary>
internal sealed class HttpFetcher(DownloadOptions options, IPullMonitor monitor)
{
    /// <summary>Fetches; what is broken off is gone on from by the next call.</summary>
    /// <param name="file">What to fetch.</param>
    /// <param name="folder">Where the parts are kept.</param>
    /// <param name="cancellationToken">Ends the transfer; its part stays.</param>
    /// <exception cref="FocalSharpException">It cannot be had, or is not what was published; such content is not kept.</exception>
    public async Task<FetchedFile> RunAsync(HttpModelSource file, string folder, CancellationToken cancellationToken)
    {
        PartialFile partial = new(Path.Combine(folder, file.FileName + ".part"), file.Url);
        using HttpClient http = RangeRequest.CreateClient();
        FileDownload download = new(http, options, monitor);
        bool resumed = await download.RunAsync(file, partial, cancellationToken);
        string hash = Sha256File.ComputeHash(partial.Path);
        if (!MatchesHash(hash, file) && resumed)
        {
            // Two contents under one name may have been joined: whole or not at all.
            monitor.Warn($"{file.FileName}: its parts do not belong together; fetching it whole");
            partial.Discard();
            await download.RunAsync(file, partial, cancellationToken);
            hash = Sha256File.ComputeHash(partial.Path);
        }

        if (!MatchesHash(hash, file))
        {
            string page = LooksLikeHtml(partial.Path) ? " It looks like a web page: does this network ask for a login?" : "";
            partial.Discard();
            throw new FocalSharpException(DescribeMismatch(file, $"{file.Url}: what came", hash) + page + $" {FileDownload.GetManualDownloadHint(file)}");
        }

        partial.Complete();
        return new FetchedFile(partial.Path, new VerifiedFile(file.FileName, partial.Length, hash));
    }

    /// <summary>Whether content is what the file's name promises.</summary>
    public static bool MatchesHash(string sha256, HttpModelSource file) => sha256.StartsWith(file.HashPrefix, StringComparison.Ordinal);

    /// <summary>The sentence that says that it is not.</summary>
    public static string DescribeMismatch(HttpModelSource file, string what, string sha256) => string.Create(
        CultureInfo.InvariantCulture,
        $"{what} is not what was published: its SHA-256 begins with {sha256[..file.HashPrefix.Length]}, that of {file.FileName} with {file.HashPrefix}. It was not kept.");

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
