namespace FocalSharp.Serving.Uploads;

/// <summary>The reason why an upload was rejected.</summary>
internal enum UploadError
{
    /// <summary>The body or part is empty or missing.</summary>
    Missing,

    /// <summary>The body is truncated or malformed.</summary>
    Malformed,

    /// <summary>The content type is not supported.</summary>
    UnsupportedType,

    /// <summary>The content is not a supported image format.</summary>
    NotAnImage,

    /// <summary>The image is truncated or damaged.</summary>
    Damaged,

    /// <summary>More bytes than allowed.</summary>
    TooManyBytes,

    /// <summary>More pixels than allowed.</summary>
    TooManyPixels,

    /// <summary>The image is too small to contain an object.</summary>
    TooSmall,

    /// <summary>More images, or more form fields, than allowed.</summary>
    TooManyParts,
}
