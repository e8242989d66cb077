using Microsoft.AspNetCore.Http;

namespace FocalSharp.Serving.Uploads;

/// <summary>An upload that is refused; the message is for its sender.</summary>
public sealed class UploadException : Exception
{
    /// <summary>Makes a refusal without a message; prefer one with.</summary>
    public UploadException()
    {
    }

    /// <summary>Makes a refusal of a malformed upload.</summary>
    public UploadException(string message)
        : base(message)
    {
    }

    /// <summary>Makes a refusal of a malformed upload with its cause for a debugger.</summary>
    public UploadException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Makes a refusal.</summary>
    public UploadException(UploadError error, string message, Exception? innerException = null)
        : base(message, innerException) => Error = error;

    /// <summary>The refusal of a request that is too long.</summary>
    internal static UploadException RequestTooLarge(long maxBytes) =>
        new(UploadError.TooManyBytes, $"The request is longer than the {SizeFormatter.FormatBytes(maxBytes)} allowed. Send fewer or smaller images.");

    /// <summary>Why.</summary>
    public UploadError Error { get; } = UploadError.Malformed;

    /// <summary>The HTTP status that says so, always 4xx.</summary>
    public int StatusCode => Error switch
    {
        UploadError.Missing or UploadError.Malformed => StatusCodes.Status400BadRequest,
        UploadError.UnsupportedType or UploadError.NotAnImage => StatusCodes.Status415UnsupportedMediaType,
        UploadError.TooManyBytes or UploadError.TooManyPixels or UploadError.TooManyParts => StatusCodes.Status413PayloadTooLarge,
        _ => StatusCodes.Status422UnprocessableEntity,
    };
}
