using FocalSharp.Datasets.Reading;
using FocalSharp.Datasets.Writing;

namespace FocalSharp.Datasets;

/// <summary>
/// Reads and writes one annotation format. Implement it to support a format of your own, and pass it to <see cref="DatasetFormats.Register"/>
/// or to <see cref="DatasetReadOptions.Formats"/>.
/// </summary>
/// <remarks>
/// An implementation returns what the files state; <see cref="DatasetReader"/> then finds the size of every image, converts and validates the
/// boxes and reports problems, in the same way for every format. Implementations must be safe to use from several threads at once.
/// </remarks>
public interface IDatasetFormat
{
    /// <summary>Gets the name by which the format is selected, in lower case, for example <c>coco</c>.</summary>
    string Name { get; }

    /// <summary>Gets the name used in messages, for example <c>COCO</c>.</summary>
    string DisplayName { get; }

    /// <summary>Gets a description of the files that <see cref="TryRead"/> looks for; it completes "Looked for: COCO: …".</summary>
    string SearchDescription { get; }

    /// <summary>Gets the parts of a data set, beyond boxes, classes and splits, that the format can store.</summary>
    DatasetFeatures Features { get; }

    /// <summary>
    /// Gets whether the format identifies images by file name alone, without subfolders or white space. Names are then flattened before
    /// writing. The default is false.
    /// </summary>
    bool UsesFlatImageNames => false;

    /// <summary>
    /// Gets whether the format identifies a class by its name, so that two classes of one name would become one; they are then refused. False if
    /// it has ids or an order of classes. The default is true.
    /// </summary>
    bool IdentifiesClassesByName => true;

    /// <summary>
    /// Gets whether the format is only read; then <see cref="GetImageFolder"/> and <see cref="Write"/> throw
    /// <see cref="NotSupportedException"/>. The default is false.
    /// </summary>
    bool IsReadOnly => false;

    /// <summary>Recognizes and reads a data set of this format.</summary>
    /// <param name="source">The file or folder to read.</param>
    /// <returns>What the files contain, or null if the data set is not of this format.</returns>
    /// <exception cref="FocalSharpException">The data set is of this format, but its main file cannot be read.</exception>
    RawDataset? TryRead(DatasetSource source);

    /// <summary>
    /// Reads a data set that is recognized by its contents alone, without a file that declares its format. Called only after
    /// <see cref="TryRead"/> of every format has returned null. The default returns null.
    /// </summary>
    /// <param name="source">The file or folder to read.</param>
    /// <returns>What the files contain, or null if the data set is not of this format.</returns>
    RawDataset? TryReadUndeclared(DatasetSource source) => null;

    /// <summary>Returns the folder for the images of a split, relative to the data set's folder, with forward slashes.</summary>
    /// <param name="split">The split.</param>
    string GetImageFolder(DatasetSplit split);

    /// <summary>
    /// Writes the annotations of a data set. Images are copied by <see cref="DatasetWriter"/>; write files with
    /// <see cref="IO.AtomicFile"/>, so that none is left half-written.
    /// </summary>
    /// <param name="dataset">The classes and category ids.</param>
    /// <param name="images">The images to list, with their objects and file names.</param>
    /// <param name="folder">Full path of the data set's folder.</param>
    /// <returns>The path to pass to <see cref="DatasetReader"/>: the folder, or the main annotation file.</returns>
    string Write(DetectionDataset dataset, IReadOnlyList<OutputImage> images, string folder);
}
