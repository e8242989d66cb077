namespace FocalSharp.Models.Catalog.Fetching;

/// <summary>What a server said of a content when its download began.</summary>
/// <param name="Url">The address asked for.</param>
/// <param name="Validator">Value for <c>If-Range</c>: a strong entity tag or a date; null where it gave neither.</param>
/// <param name="Total">The whole length, where it said one.</param>
internal sealed record PartialDownloadInfo(string Url, string? Validator, long? Total);
