namespace FocalSharp.Cli.Sharding;

/// <summary>The results of one part of some work, as they are saved.</summary>
internal interface IPart
{
    /// <summary>Gets the number of images.</summary>
    int Count { get; }

    /// <summary>Checks what was read from a file.</summary>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    void Validate();
}
