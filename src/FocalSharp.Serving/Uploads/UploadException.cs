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
    public UploadException(UploadFault fault, string message, Exception? innerException = null)
        : base(message, innerException) => Fault = fault;

    /// <summary>The refusal of a request that is too long.</summary>
    internal static UploadException TooLong(long maxBytes) =>
        new(UploadFault.TooManyBytes, $"The request is longer than the {Bytes.Mebi(maxBytes)} allowed. Send fewer or smaller images.");

    /// <summary>Why.</summary>
    public UploadFault Fault { get; } = UploadFault.Malformed;

    /// <summary>The HTTP status that says so, always 4xx.</summary>
    public int StatusCode => Fault switch
    {
        UploadFault.Missing or UploadFault.Malformed => StatusCodes.Status400BadRequest,
        UploadFault.UnsupportedType or UploadFault.NotAnImage => StatusCodes.Status415UnsupportedMediaType,
        UploadFault.TooManyBytes or UploadFault.TooManyPixels or UploadFault.TooManyParts => StatusCodes.Status413PayloadTooLarge,
        _ => StatusCodes.Status422UnprocessableEntity,
    };
}
